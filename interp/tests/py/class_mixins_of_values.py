import enum
for base in (int, str, float, tuple, bytes, frozenset, complex):
    A = type("A", (base,), {})
    B = type("B", (base,), {})
    C = type("C", (A, B), {})
    D = type("D", (A,), {"__slots__": ()})
    E = type("E", (D, B), {})
    print(C() == base(), E() == base(), [c.__name__ for c in C.__mro__[:4]])
class Upper(str, enum.Enum):
    def loud(self): return self.value.upper()
class Lower(str, enum.Enum):
    def quiet(self): return self.value.lower()
class Both(Upper, Lower):
    X = "Mixed"
print(Both.X.loud(), Both.X.quiet())
class S1: __slots__ = ("a",)
class S2: __slots__ = ("b",)
for bases in ((S1, S2), (int, str), (dict, list)):
    try:
        type("X", bases, {})
    except TypeError as e:
        print(e)
import sys
class L:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print(len(range(sys.maxsize)), len(L(sys.maxsize)))
for n in (sys.maxsize + 1, -1, -2**70):
    try:
        len(L(n))
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
import bisect, math
print(bisect.bisect(range(sys.maxsize - 1), sys.maxsize - 3), math.nextafter(-5e-324, 0.0), math.nextafter(5e-324, -0.0))
