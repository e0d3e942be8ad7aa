class A:
    def __init__(self, n): self.n = n
    def __lt__(self, o): print("lt", self.n, o.n); return self.n < o.n
    def __le__(self, o): return "le"
    def __eq__(self, o): print("eq"); return self.n == o.n
a, b = A(1), A(2)
print(a < b, a > b, a <= b, a >= b, a == b, a != b)
print(sorted([A(2), A(1)], key=lambda x: x.n)[0].n, min(A(3), A(1)).n)
try:
    hash(a)
except TypeError as error:
    print(error)
class B: pass
print(B() == B(), B() != B(), B() is B(), A.__hash__, B.__eq__(B(), 1))
try:
    B() < B()
except TypeError as error:
    print(error)
class Weird:
    def __eq__(self, o): return "yes"
    def __ne__(self, o): return []
w = Weird()
print(w == 1, w != 1, 1 == w, bool(w != 1), w in [1], [w] == [2])
