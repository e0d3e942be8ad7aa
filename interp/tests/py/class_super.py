class A:
    x = "A.x"
    def f(self): return "A.f"
    @classmethod
    def c(cls): return "A.c", cls.__name__
    @property
    def p(self): return "A.p"
class B(A):
    x = "B.x"
    def f(self): return super().f() + super(B, self).f()
    @classmethod
    def c(cls): return super().c()
    @property
    def p(self): return super().p + "!"
    def get(self): return super().x, super().__class__.__name__
    def nested(self):
        return [super(B, self).f() for _ in range(2)], (lambda: super(B, self).x)()
b = B()
print(b.f(), b.c(), B.c(), b.p, b.get(), b.nested(), super(B, b).x)
s = super(B, b)
print(s.__thisclass__.__name__, s.__self__ is b, s.__self_class__.__name__, repr(s)[:20])
for call in (lambda: super().f(), lambda: super(B, 1), lambda: super(B, b).nope, lambda: super(1)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
