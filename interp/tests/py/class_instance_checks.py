class M(type):
    def __instancecheck__(cls, o): return o == 1
    def __subclasscheck__(cls, c): return c is int
class A(metaclass=M): pass
print(isinstance(1, A), isinstance(2, A), issubclass(int, A), issubclass(str, A), isinstance(1, (str, (A, list))), isinstance(True, int | str), issubclass(bool, int | None) if False else issubclass(bool, int | str), isinstance(None, int | None))
for text in ("isinstance(1, 5)", "issubclass(1, int)", "isinstance(1, [int])", "isinstance(1, list[int])"):
    try:
        eval(text)
    except TypeError as error:
        print(error)
class P:
    @property
    def __class__(self): return int
print(isinstance(P(), int), type(P()).__name__)
