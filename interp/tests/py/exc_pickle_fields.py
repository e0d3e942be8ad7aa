import copy, pickle
for e in (ImportError("m", name="n", path="p"), ImportError("m"), AttributeError("a", name="n", obj=1)):
    for made in (copy.copy(e), pickle.loads(pickle.dumps(e))):
        print(type(made).__name__, made.args, made.name, getattr(made, "path", None), getattr(made, "obj", None))
class E(OSError):
    def __init__(self, message, extra=None):
        self.extra = extra
        super().__init__(message)
e = E("text", extra=1)
print(e, e.args, e.extra)
class Two(OSError):
    def __init__(self, path): super().__init__(2, "gone", path)
print(Two("p"), Two("p").filename)
e = UnicodeDecodeError("ascii", bytearray(b"\xff"), 0, 1, "why")
print(e.object)
try:
    del BlockingIOError().characters_written
except AttributeError as e:
    print(e)
def f():
    print(x)
    x = 1
try:
    f()
except UnboundLocalError as e:
    print(e.name)
