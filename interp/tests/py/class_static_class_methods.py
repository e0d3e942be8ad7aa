class A:
    @staticmethod
    def s(*a): return a
    @classmethod
    def c(cls, *a): return cls.__name__, a
    def m(self, *a): return "m", a
class B(A): pass
print(A.s(1), A().s(1), A.c(1), B.c(2), B().c(3), A.m(None, 1), A().m(1), A.__dict__["s"].__func__(9), A.__dict__["c"].__get__(None, B)(4))
f = A().m
print(f.__self__.__class__.__name__, f.__func__ is A.m, f == f, A.m is A.m, A().m is A().m)
s = staticmethod(len)
print(s([1, 2]), s.__wrapped__)
x = A()
print(x.m == x.m, x.m != A().m, hash(x.m) == hash(x.m), {x.m: 1}[x.m])
