import enum
class C(enum.Enum):
    RED = 1
    GREEN = 2
    ALSO = 1
    def describe(self): return f"{self.name}={self.value}"
print(C.RED, repr(C.RED), C(2), C["RED"], C.ALSO is C.RED, list(C), C.RED.name, C.RED.value, C.RED.describe(), len(C), C.RED in C, 1 in C, C.__members__, isinstance(C.RED, C), {C.RED: 1}[C(1)], f"{C.RED}", C.RED == 1)
class F(enum.Flag):
    R = enum.auto(); W = enum.auto(); X = enum.auto()
print(F.R | F.W, F(3), F.R in (F.R | F.X), ~F.R, F(0), bool(F.R & F.W), list(F.R | F.X))
class I(enum.IntEnum):
    A = 5; B = enum.auto()
print(I.A + 1, I.B, I.A < I.B, f"{I.A}", I(5) is I.A, repr(I.B), [10] * I.A == [10] * 5)
class S(enum.StrEnum):
    X = enum.auto(); Y = "why"
print(S.X, S.Y.upper(), S.X == "x")
class N(enum.IntFlag):
    A = 1; B = 2
print(N.A | N.B, N(7), int(N.A | N.B))
@enum.unique
class U(enum.Enum): A = 1
for text in ("C(9)", "C['NO']", "C.NO", "C.RED = 5", "class D(C): pass", "enum.unique(C)", "del C.RED"):
    try:
        exec(text)
    except Exception as error:
        print(type(error).__name__, str(error).split(", allowed")[0])
T = enum.Enum("T", "a b"); print(list(T))
