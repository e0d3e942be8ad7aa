# Annotations are evaluated in the class as it is at that time.
import annotationlib


class A:
    a: x
    x = int

    def f(self, a: x): ...


A.x = str
print(A.__annotations__, A.f.__annotations__)


class B:
    a: later
    b: later.part


shown = annotationlib.get_annotations(B, format=annotationlib.Format.FORWARDREF)
B.later = type("Later", (), {"part": 9})
print(shown["b"].evaluate(), B.__annotations__["b"])
