import weakref
import operator
class N:
    def __init__(self, v): self.v = v
    def __eq__(self, other): return self.v == other
    def __lt__(self, other): return self.v < other
    def __float__(self): return float(self.v)
    def __neg__(self): return -self.v
    def __abs__(self): return abs(self.v)
    def __invert__(self): return ~self.v
for name in "add sub mul floordiv mod pow lshift rshift and or xor".split():
    op = getattr(operator, name, None) or getattr(operator, name + "_")
    setattr(N, f"__{name}__", lambda a, b, op=op: op(a.v, b.v if isinstance(b, N) else b))
    setattr(N, f"__r{name}__", lambda a, b, op=op: op(b, a.v))
N.__divmod__ = lambda a, b: divmod(a.v, b)
N.__rdivmod__ = lambda a, b: divmod(b, a.v)
class Items(list):
    def __matmul__(self, other): return ("at", other)
    def __bytes__(self): return b"bytes"
n = N(7)
p = weakref.proxy(n)
print(1.0 + p, p + 1, 2 ** p, p ** 2, -p, abs(p), ~p, divmod(p, 4), divmod(15, p))
print(p & 3, 8 | p, p ^ p, p << 1, 1 << p, p // 2, p % 4, 20 % p, p < 8, p == 7, float(p))
items = Items([1, 2, 3])
q = weakref.proxy(items)
print(q @ 5, list(reversed(q)), bytes(q), len(q), 2 in q, q[1], q + [4])
q += [9]
print(type(q).__name__, items)
try:
    next(weakref.proxy(items))
except TypeError as e:
    print("TypeError")
import array, collections.abc, copy, math, pickle
a = array.array("d", [1.0, math.nan])
print(a == a, array.array("d", [2.0]) > array.array("d", [1.0]), isinstance(a, collections.abc.MutableSequence))
it = iter(array.array("i", [1, 2, 3]))
next(it)
print(list(copy.copy(it)), list(pickle.loads(pickle.dumps(it))), list(it))
import functools
def f(): pass
g = functools.partial(f, [1])
g.mark = 1
h = copy.copy(g)
print(h.args is g.args, h.mark)
h.__setstate__((f, (1,), {}, None))
print(h.__dict__)
try:
    del h.__dict__
except TypeError as e:
    print(e)
