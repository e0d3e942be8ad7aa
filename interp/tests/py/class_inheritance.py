class A:
    def who(self): return "A"
    def both(self): return ["A"]
class B(A):
    def who(self): return "B" + super().who()
    def both(self): return ["B"] + super().both()
class C(A):
    def both(self): return ["C"] + super().both()
class D(B, C):
    def both(self): return ["D"] + super().both()
d = D()
print(d.who(), d.both(), [c.__name__ for c in D.__mro__], D.mro() == list(D.__mro__), D.__bases__, D.__base__.__name__, issubclass(D, A), isinstance(d, (int, C)), A.__subclasses__())
for text in ("class X(A, B): pass", "class X(A, A): pass", "class X(int, str): pass", "class X(1): pass", "class X(None): pass"):
    try:
        exec(text)
    except TypeError as error:
        print(error)
