x = "global"
class A:
    y = x
    x = "class"
    z = x
    def f(self): return x
    lst = [i for i in range(2)]
    for loop in range(3): pass
    if True:
        cond = 1
    del lst
print(A.y, A.x, A.z, A().f(), A.loop, A.cond, hasattr(A, "lst"), A.__qualname__)
def outer():
    v = "outer"
    class B:
        def g(self): return v
        v = "class"
    return B
print(outer()().g(), outer().__qualname__)
def late():
    v = 1
    class B:
        w = v
        v = 2
try:
    late()
except NameError as error:
    print(error)
class N:
    class M:
        def f(self): return __class__.__name__
print(N.M.__qualname__, N.M().f())
