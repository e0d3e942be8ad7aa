class Base:
    registry = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append((cls.__name__, tag))
class A(Base, tag="a"): pass
class B(A): pass
print(Base.registry)
try:
    class C(Base, other=1): pass
except TypeError as error:
    print(error)
try:
    class D(x=1): pass
except TypeError as error:
    print(error)
