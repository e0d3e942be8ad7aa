import copy, time
t = time.struct_time((2000, 1, 2, 3, 4, 5, 6, 7, 0), {"tm_zone": "Z"})
print(t.tm_zone, t.tm_gmtoff)
u = copy.replace(t, tm_year=1999, tm_gmtoff=60)
print(u.tm_year, u.tm_gmtoff, u.tm_zone, len(u))
for f in (lambda: copy.replace(t, bad=1), lambda: time.struct_time(range(9), {"bad": 1}), lambda: time.struct_time(range(9), 5)):
    try:
        f()
    except TypeError as e:
        print(e)
from collections import OrderedDict
class O(OrderedDict):
    def __delitem__(self, key): print("del")
    def __missing__(self, key): print("missing")
o = O(a=1)
print(o.pop("a"), o.pop("b", 2))
try:
    o.pop("b")
except KeyError as e:
    print("KeyError", e)
