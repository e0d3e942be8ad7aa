class A:
    def __repr__(self): return "A-repr"
class B(A):
    def __str__(self): return "B-str"
    def __format__(self, spec): return f"B-{spec}" if spec else "B-format"
print(A(), B(), [B()], f"{A()} {B()} {B():x} {B()!r}", "%s %r" % (B(), B()), "{} {:y}".format(B(), B()), str(A()), {1: B()}, (A(),), format(A()), ascii(A()), repr([A(), B()]))
try:
    format(A(), "x")
except TypeError as error:
    print(error)
