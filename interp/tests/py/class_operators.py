class V:
    def __init__(self, *v): self.v = v
    def __repr__(self): return f"V{self.v}"
    def __add__(self, o): return V(*(a + b for a, b in zip(self.v, o.v))) if isinstance(o, V) else NotImplemented
    def __sub__(self, o): return V(*(a - b for a, b in zip(self.v, o.v)))
    def __mul__(self, k): return V(*(a * k for a in self.v)) if isinstance(k, (int, float)) else NotImplemented
    __rmul__ = __mul__
    def __neg__(self): return V(*(-a for a in self.v))
    def __pos__(self): return self
    def __invert__(self): return "inv"
    def __abs__(self): return sum(a * a for a in self.v) ** 0.5
    def __matmul__(self, o): return sum(a * b for a, b in zip(self.v, o.v))
    def __eq__(self, o): return isinstance(o, V) and self.v == o.v
    def __hash__(self): return hash(self.v)
    def __bool__(self): return any(self.v)
    def __len__(self): return len(self.v)
    def __getitem__(self, i): return self.v[i]
    def __iter__(self): return iter(self.v)
    def __call__(self, x): return x, self
a, b = V(1, 2), V(3, 4)
print(a + b, a - b, a * 2, 2 * a, -a, +a, ~a, abs(b), a @ b, a == V(1, 2), a != b, bool(V(0)), len(a), a[0], list(a), a(5), {a: 1}[V(1, 2)], 2 in a)
for text in ("a + 1", "1 + a", "a * 'x'", "a / 2", "a < b", "a % 2", "a << 1", "a ** 2", "a & b", "a // 1"):
    try:
        print(eval(text))
    except TypeError as error:
        print(error)
