class SetOnly:
    def __set__(self, obj, value): obj.__dict__["a"] = value
class X: a = SetOnly()
x = X()
print(type(x.a).__name__)
x.a = 42
print(x.a)
class mysuper(super): pass
class Base:
    def f(self): return "base"
class D(Base):
    def f(self): return type(self.up).__name__ + " " + self.up.f()
D.up = mysuper(D)
print(D().f())
s = mysuper(D, D())
s.extra = 1
print(s.extra)
class R: pass
R.__repr__ = R.__str__
class C: pass
C.__call__ = C()
for call in (lambda: repr(R()), lambda: str(R()), lambda: C()()):
    try:
        call()
    except RecursionError as e:
        print(type(e).__name__)
class Picky:
    def __getattr__(self, name):
        if name.startswith("__getnewargs"):
            raise AssertionError(name)
        raise AttributeError(name)
print(len(Picky().__reduce_ex__(2)))
class Bad:
    def __getnewargs__(self): return [1]
try:
    Bad().__reduce_ex__(2)
except TypeError as e:
    print(e)
for base, given in ((float, 2.5), (tuple, [1]), (frozenset, [1])):
    class Sub(base):
        def __init__(self, value, key=None): self.key = key
    print(Sub(given, key=3).key)
class I(int):
    def __init__(self, value, key=None): pass
try:
    I(1, key=2)
except TypeError as e:
    print(e)
try:
    (lambda: 0)(1, x=2)
except TypeError as e:
    print(e)

# Methods of builtin classes bind to their instances only.
for method, this in ((str.join, 1.5), (str.__len__, 1), (list.append, ())):
    try:
        method.__get__(this)
    except TypeError as e:
        print(e)
import collections
ordered = collections.OrderedDict(a=1)
print(ordered.keys(), ordered.values(), ordered.items())
