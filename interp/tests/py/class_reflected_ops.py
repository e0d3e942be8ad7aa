class L:
    def __add__(self, o): return "L.add"
    def __radd__(self, o): return "L.radd"
class R(L):
    def __radd__(self, o): return "R.radd"
class S(L): pass
print(L() + L(), L() + R(), R() + L(), L() + S(), 1 + L(), L() + 1, R() + R())
class N:
    def __add__(self, o): return NotImplemented
    def __radd__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
for text in ("N() + N()", "N() + 1", "1 + N()", "N() < N()", "N() < 1", "N() == 1", "n == n"):
    try:
        n = N()
        print(eval(text))
    except TypeError as error:
        print(error)
ops = ["sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul", "divmod"]
X = type("X", (), {f"__r{o}__": (lambda o: lambda s, a, *r: (o, a))(o) for o in ops})
x = X()
print(5 - x, 5 * x, 5 / x, 5 // x, 5 % x, 5 ** x, 5 << x, 5 >> x, 5 & x, 5 | x, 5 ^ x, 5 @ x, divmod(5, x))
