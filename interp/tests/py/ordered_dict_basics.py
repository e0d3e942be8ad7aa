from collections import OrderedDict, defaultdict, namedtuple, Counter
d = OrderedDict(a=1, b=2, c=3)
d.move_to_end("a")
d.move_to_end("c", last=False)
print(d, list(reversed(d)), d.popitem(), d.popitem(last=False), d)
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {"b": 2, "a": 1})
print(OrderedDict.fromkeys("ab", 0) | {"c": 1}, d.pop("x", None), d.setdefault("y", 5), d)
queue = OrderedDict()
for i in range(1000):
    queue[i] = i
    if len(queue) > 10:
        queue.popitem(last=False)
    queue.move_to_end(next(iter(queue)))
print(list(queue))
groups = defaultdict(list)
for word in "to be or not to be".split():
    groups[len(word)].append(word)
print(groups, groups.default_factory, groups.get(9), defaultdict(int, x=1) | {"y": 2})
Point = namedtuple("Point", "x y", defaults=[7])
p = Point(1)
print(p, p.x, p._replace(x=5), p._asdict(), Point._fields, p == (1, 7), Point.x.__doc__)
try:
    p.x = 3
except AttributeError as error:
    print(error)
print(Counter("abracadabra").most_common(3), Counter("aab") - Counter("ab"), Counter(a=2) + Counter(a=1, b=1))
