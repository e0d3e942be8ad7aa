class Log:
    calls = []
    def __init__(self): self.calls.append("Log")
class A(Log):
    def __init__(self): self.calls.append("A"); super().__init__()
class B(Log):
    def __init__(self): self.calls.append("B"); super().__init__()
class M: 
    def hello(self): return "mixin " + super().hello()
class H:
    def hello(self): return "hello"
class C(A, B):
    def __init__(self): self.calls.append("C"); super().__init__()
class MH(M, H): pass
C(); print(Log.calls, [k.__name__ for k in C.mro()], MH().hello())
class X(type):
    def mro(cls): return [cls, H, object]
class Y(metaclass=X): pass
print(Y().hello(), Y.__mro__[1].__name__)
