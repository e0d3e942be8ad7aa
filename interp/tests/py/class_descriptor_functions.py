class A:
    def f(self, x): return (self.__class__.__name__, x)
f = A.f
a = A()
print(f(a, 1), f.__get__(a, A)(2), f.__get__(None, A) is f, a.f.__func__ is f, a.f.__self__ is a)
class B:
    g = f
    h = a.f
    s = staticmethod(f)
    n = len
    l = lambda self: "lambda"
b = B()
print(b.g(3), b.h(4), b.s(a, 5), b.n([1, 2]), b.l())
import types
print(types.MethodType(lambda self, x: (self, x), 5)(6), types.MethodType(print, "bound").__self__)
