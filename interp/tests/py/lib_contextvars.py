import contextvars
v = contextvars.ContextVar("v", default=1)
print(v.get()); t = v.set(2); print(v.get()); v.reset(t); print(v.get(), t.var is v)
ctx = contextvars.copy_context()
def f(): v.set(9); return v.get()
print(ctx.run(f), v.get(), ctx[v], v in ctx, len(ctx) >= 1)
w = contextvars.ContextVar("w")
try:
    w.get()
except LookupError as error:
    print(type(error).__name__)
print(w.get("d"))
