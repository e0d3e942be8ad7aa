from collections import Counter, OrderedDict, defaultdict, deque, namedtuple, ChainMap, UserDict, UserList, UserString
c = Counter("abracadabra")
print(c.most_common(2), c["z"], c + Counter("ab"), c - Counter("aaa"), c & Counter("aab"), c | Counter("zz"), sum(c.values()), sorted(c.elements())[:4], c.total())
c.update("zz"); c.subtract("a")
print(c)
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p._replace(x=2), p._asdict(), P._fields, p[1], P._make([3, 4]), *p, p == (1, 5), P.__doc__)
o = OrderedDict(a=1, b=2)
o.move_to_end("a"); print(o, o.popitem(last=False), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(m["a"], m["b"], dict(m), m.new_child({"c": 1}))
d = defaultdict(int); d["x"] += 1; print(d)
class D(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
print(D(a=1), UserList([1, 2]) + [3], UserString("ab").upper())
try:
    P(1, 2, 3)
except TypeError as error:
    print(error)
