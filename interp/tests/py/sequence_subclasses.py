# Subclasses that iterate in their own way are asked, wherever a sequence is taken apart or copied.
class T(tuple):
    def __iter__(self): return iter("xyz")
class L(list):
    def __iter__(self): return iter("uvw")
class D(dict):
    def __iter__(self): return iter("pq")
    def keys(self): return ["k"]
    def __getitem__(self, key): return key * 2
t, l, d = T((1, 2, 3)), L([4, 5, 6]), D(a=1)
a, b, c = t
print(a, b, c)
a, *b = l
print(a, b)
print([*t], [*l], (*t, *l), {*l} == set("uvw"), list(t), list(l), tuple(l), sorted(t), "".join(t), "-".join(l))
print([*d], {**d}, dict(d), list(d))
def f(*args): return args
print(f(*t), f(*l), max(t), set(t) == set("xyz"), list(map(str, l)), list(zip(t, l)))
x = [0]; x.extend(t); x += l; x[1:1] = t; print(x)
# Copies of dicts keep order, deletions and later changes apart.
source = {i: str(i) for i in range(50)}
for i in range(0, 50, 3): del source[i]
for copy in (source.copy(), dict(source), {**source}, source | {}, type(source)(source)):
    assert list(copy.items()) == list(source.items()) and len(copy) == len(source)
    copy[1] = "changed"; copy["new"] = 0; del copy[2]
    assert source[1] == "1" and "new" not in source and 2 in source and copy[49] == "49" and 48 not in copy
few = {i: i for i in range(100)}
for i in range(97): del few[i]
same = dict(few); same[5] = 5
print(same, dict(few), {}.copy(), dict({}))
grown = source.copy()
for i in range(1000): grown[i * 7] = i
print(len(grown), len(source), sum(k for k in grown if isinstance(k, int)))
def partly():
    yield 1
    raise KeyError
target = [0]
try: target.extend(partly())
except KeyError: print(target)
