class A: pass
class Outer:
    class Inner: pass
print(A, Outer.Inner, repr(A()).startswith("<__main__.A object at 0x"), int, type, type(None), type(...), type(NotImplemented), len, [].append.__name__, type(len), type([].append), str.upper, type(str.upper), A.__init__, object.__repr__(5)[:12], type(A.__dict__), type((lambda: 0)), type((i for i in [])), type(A().__init__), range, NotImplemented, ...)
def f(): pass
print(repr(f)[:12], repr(A().__str__)[:40].split(" at ")[0], Ellipsis, __name__, type(__builtins__))
