import contextlib, io
@contextlib.contextmanager
def tag(name):
    print("<" + name)
    try:
        yield name.upper()
    except ValueError as error:
        print("caught", error)
    finally:
        print(name + ">")
with tag("a") as x, tag("b"):
    print(x)
    raise ValueError("v")
with contextlib.suppress(KeyError):
    {}[1]
with contextlib.ExitStack() as stack:
    for n in "xy":
        stack.enter_context(tag(n))
    stack.callback(print, "callback")
    stack.push(lambda *a: print("push", a[0]))
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("hidden")
print(repr(out.getvalue()))
with contextlib.closing(type("C", (), {"close": lambda s: print("closed")})()):
    pass
with contextlib.nullcontext(5) as n:
    print(n)
@tag("deco")
def f(): print("in f")
f()
@contextlib.contextmanager
def twice():
    yield 1
    yield 2
try:
    with twice(): pass
except RuntimeError as error:
    print(error)
class CM(contextlib.ContextDecorator):
    def __enter__(self): print("in")
    def __exit__(self, *a): print("out")
@CM()
def g(): print("g")
g()
