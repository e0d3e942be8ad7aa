# How objects say what they are made of, and get it back.
import copyreg, enum, pickle
from dataclasses import dataclass, field
def there(value, rounds=range(6)):
    return [pickle.loads(pickle.dumps(value, protocol)) for protocol in rounds]
class Named:
    def __new__(cls, *, key): self = object.__new__(cls); self.key = key; return self
    def __getnewargs_ex__(self): return (), {"key": self.key}
class Number(int):
    def __new__(cls, value, tag="none"): self = int.__new__(cls, value); self.tag = tag; return self
    def __getnewargs__(self): return int(self), self.tag
class Base: __slots__ = ("x", "__dict__")
class Slotted(Base): __slots__ = ("y",)
class Stateful:
    def __getstate__(self): return ["state"]
    def __setstate__(self, state): self.got = state
class Falsy:
    def __init__(self): self.a = 1
    def __getstate__(self): return {}
class Setter:
    def __reduce__(self): return Setter, (), {"a": 1}, None, None, set_state
def set_state(thing, state): thing.set = state
class Items:
    def __init__(self): self.log = []
    def append(self, v): self.log.append(v)
    def __setitem__(self, k, v): self.log.append((k, v))
    def __reduce__(self): return Items, (), None, iter([1, 2]), iter({"k": "v"}.items())
class Extending(Items):
    def extend(self, all): self.log.append(list(all))
    def __reduce__(self): return Extending, (), None, iter(range(1500))
class Color(enum.Enum): RED = 1; BLUE = "b"
class Outer:
    class Inner:
        def method(self): return "method"
        @classmethod
        def make(cls): return cls.__name__
@dataclass
class Point: x: int; y: list = field(default_factory=list)
@dataclass(frozen=True, slots=True)
class Frozen: x: int
print([n.key for n in there(Named(key="k"), range(2, 6))])
print([(n, n.tag) for n in there(Number(5, "five"), range(2, 6))])
s = Slotted(); s.x, s.y, s.z = 1, 2, 3
print([(s.x, s.y, s.z) for s in there(s, range(2, 6))])
print([s.got for s in there(Stateful())])
print([vars(f) for f in there(Falsy())])
print([s.set for s in there(Setter())])
print([i.log for i in there(Items())])
print([[len(part) for part in e.log] for e in there(Extending())[1:]], len(there(Extending())[0].log[0]))
print([c is Color.RED for c in there(Color.RED)], there(Color)[4] is Color)
print([p == Point(1, [2]) for p in there(Point(1, [2]))], there(Frozen(3), range(2, 6)))
print([i is Outer.Inner for i in there(Outer.Inner)], [m() for m in there(Outer.Inner.make)])
print([m() for m in there(Outer.Inner().method)], [f is len for f in there(len)])
class NoNames(int):
    def __new__(cls, n): return int.__new__(cls, n)
    def __getnewargs_ex__(self): return (int(self),), {}
print([n.__reduce_ex__(2)[0].__name__ for n in there(NoNames(4), range(2, 6))])
a = Point(1); pair = [a, a, a.__dict__]
back = pickle.loads(pickle.dumps(pair))
print(back[0] is back[1], back[2])
class Changing:
    def __init__(self): self.first = 1; self.second = 2
c = Changing(); del c.first; c.third = 3
print([list(vars(c).items()) for c in there(c)])
class Hooked:
    def __setattr__(self, name, value): raise AssertionError
h = Hooked(); vars(h)["plain"] = 1
print([vars(h) for h in there(h)])
class Both:
    x = property(lambda self: "computed")
    def __init__(self): self.__dict__["x"] = "own"; self.__dict__[5] = "five"
print([(b.x, vars(b)) for b in there(Both())])
keys = [k for p in there(Point(1)) for k in vars(p)]
print(all(k is n for k, n in zip(keys, ["x", "y"] * 6)))
def deep(n):
    value = []
    for _ in range(n): value = [value]
    return value
n, back = 0, pickle.loads(pickle.dumps(deep(400)))
while back: back = back[0]; n += 1
print(n)
class Endless:
    def __reduce__(self): return Endless, (Endless(),)
try: pickle.dumps(Endless())
except RecursionError: print("RecursionError")
copyreg.add_extension(__name__, "Point", 0x12345)
text = pickle.dumps(Point(1), 2)
print(b"\x84\x45\x23\x01\x00" in text, pickle.loads(text), pickle.loads(text))
copyreg.remove_extension(__name__, "Point", 0x12345)
