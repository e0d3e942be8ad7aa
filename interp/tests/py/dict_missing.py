class D(dict):
    def __missing__(self, key):
        self[key] = key * 2
        return self[key]
d = D(a=1)
print(d["a"], d["bb"], d, d.get("zz"), "zz" in d)
from collections import defaultdict
c = defaultdict(list)
c["x"].append(1)
c["y"]
print(c, c.default_factory, dict(c))
try:
    defaultdict()["x"]
except KeyError as error:
    print(repr(error))
