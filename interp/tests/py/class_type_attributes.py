import types
class A: pass
class S: __slots__ = ("x", "__weakref__")
print(type(A.__weakref__).__name__, all(hasattr(A, name) for name in dir(A)))
import weakref, typing
a = A()
print(a.__weakref__)
r = weakref.ref(a)
print(a.__weakref__ is r)
print([bool(c.__weakrefoffset__) for c in (A, S, object, int)])
print([bool(c.__dictoffset__) for c in (A, S, object, int)], int.__itemsize__, list.__itemsize__)
print(A.__flags__ >> 9 & 1, int.__flags__ >> 9 & 1, int.__flags__ >> 8 & 1)
@typing.no_type_check
class N:
    def f(self, x: "not a type"): pass
print(typing.get_type_hints(N.f))
print(type.__type_params__, hasattr(type, "__abstractmethods__"))
for name in ("__type_params__", "__doc__", "__module__", "__name__"):
    try:
        delattr(A, name)
    except TypeError as e:
        print(e)
def f[T](): pass
print(isinstance(types.FunctionType.__dict__["__globals__"], types.MemberDescriptorType), isinstance(S.x, types.MemberDescriptorType))
try:
    f.__type_params__ = []
except TypeError as e:
    print(e)
for slots in (("__dict__", "__dict__"), ("__weakref__", "__weakref__")):
    try:
        type("D", (), {"__slots__": slots})
    except TypeError as e:
        print(e)
import abc
class Meta(type, abc.ABC):
    @abc.abstractmethod
    def g(self): pass
print(Meta.__abstractmethods__)
class Old(type):
    def __new__(mcls, name, bases, ns):
        ns.pop("__classcell__", None)
        return super().__new__(mcls, name, bases, ns)
try:
    class B(metaclass=Old):
        def f(self): return __class__
except RuntimeError as e:
    print(str(e).replace(__name__, ""))
types.FunctionType(f.__code__, {}, "g", (1,))
try:
    types.FunctionType(f.__code__, {}, "g", [1])
except TypeError as e:
    print(e)
