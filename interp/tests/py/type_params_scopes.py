class __Base:
    def __init_subclass__(cls, **kwargs): cls.given = kwargs
class Derived[T](__Base, __kwarg=1): pass
print(Derived.__bases__[0].__name__, Derived.given)
class Y[__T: __Base]:
    param = __T
    inner = lambda: __T
print(Y.__type_params__[0].__bound__.__name__, Y.param.__name__)
class C[T]:
    T = "class"
    def meth[U](x: (T for _ in (1,)), y: T): pass
print(list(C.meth.__annotations__["x"]) == list(C.__type_params__), C.meth.__annotations__["y"])
def f():
    T = str
    class C:
        T = int
        class D[U](T):
            x = T
    return C
print(f().D.__bases__[0].__name__, f().D.x)
scope, local = {}, {}
exec("""
def f():
    def g():
        global y
        return y
    return g
y = 9
""", scope, local)
print(scope["y"], "y" in local, local["f"]()())
