# `__builtins__` of a namespace may be any object.
import types

for builtins in (
    None,
    1,
    {},
    {"len": lambda x: 42},
    types.MappingProxyType({"len": lambda x: 43}),
    types.SimpleNamespace(),
    "abc",
):
    for source in 'r = len("x")', "import sys", "class A: pass", "unknown", "def f():\n return len(1)\nr = f()":
        space = {"__builtins__": builtins}
        try:
            exec(source, space)
            print(space.get("r"))
        except Exception as e:
            print(type(e).__name__, e)


class Answers(dict):
    def __missing__(self, key):
        return lambda *args: key


space = {"__builtins__": Answers()}
exec("r = foo()\ndef f(): return bar()\ns = [f() for i in range()], f()", space)
print(space["r"], space["s"], type(space["f"].__builtins__).__name__)

module = types.ModuleType("module")
module.only = 5
space = {"__builtins__": module}
exec("r = only\ndef f():\n global x\n x = only + 1\n return x\nf()", space)
print(space["r"], space["x"], space["f"].__builtins__ is vars(module))
try:
    eval("open", {"__builtins__": None}, {})
except TypeError as e:
    print(e)
print(eval("1 + 1", {"__builtins__": None}, {}), eval("len('abc')"))
