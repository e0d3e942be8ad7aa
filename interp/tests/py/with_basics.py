class C:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()
    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, value, tb is not None)
        return self.swallow
with C("a") as a, C("b") as b:
    print(a, b)
with (C("c") as c, C("d", True),):
    raise ValueError("swallowed")
try:
    with C("e"):
        raise KeyError("out")
except KeyError as error:
    print("caught", error)
def f():
    with C("f"):
        return "returned"
print(f())
for i in range(3):
    with C(str(i)):
        if i == 0: continue
        break
with C("t") as (x): print(x)
class L(list):
    def __enter__(self): return self
    def __exit__(self, *a): return None
with L([1, 2]) as [p, q], L([3]) as r: print(p, q, r)
holder = [None]
with L([4]) as holder[0]: print(holder)
