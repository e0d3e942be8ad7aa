import copy
class A:
    def __init__(self): self.x = [1]
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(A()), copy.deepcopy(A()))
class B:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
b = B([1, [2]])
c, d = copy.copy(b), copy.deepcopy(b)
print(c.x is b.x, d.x is b.x, d == b, d.x[1] is b.x[1])
l = [1]; l.append(l)
m = copy.deepcopy(l)
print(m[1] is m, copy.copy({1: [2]}), copy.deepcopy((1, [2])), copy.copy("a"))
class S:
    __slots__ = ("a",)
s = S(); s.a = [5]
print(copy.deepcopy(s).a, copy.copy(s).a is s.a)
class R:
    def __init__(self, v): self.v = v
    def __reduce__(self): return R, (self.v + 1,)
print(copy.copy(R(1)).v, copy.replace if hasattr(copy, "replace") and False else "")
