import contextvars
import threading
v = contextvars.ContextVar("v", default="none")
token = v.set("one")
copied = contextvars.copy_context()
v.set("two")
print(v.get(), copied[v], copied.run(v.get), copied.run(lambda: (v.set("inside"), v.get())[1]), v.get(), copied[v])
v.reset(token)
print(v.get(), v.get("default"), token.old_value is contextvars.Token.MISSING, v in contextvars.copy_context(), v.name)
try:
    v.reset(token)
except RuntimeError as error:
    print("once" in str(error))
try:
    contextvars.ContextVar("empty").get()
except LookupError as error:
    print("empty" in str(error))
try:
    copied.run(copied.run, print)
except RuntimeError as error:
    print("already entered" in str(error))
v.set("main")
seen = []
t = threading.Thread(target=lambda: contextvars.Context().run(lambda: seen.append(v.get())))
t.start()
t.join()
print(seen, v.get())
