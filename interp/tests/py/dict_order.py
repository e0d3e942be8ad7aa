d = {}
for k in "zyxabc":
    d[k] = len(d)
del d["x"]
d["x"] = "again"
d["z"] = "changed"
print(d, list(d.items())[0], next(iter(d)), next(reversed(d)), d.popitem(), list(d))
d = {i: i for i in range(1000)}
for i in range(0, 1000, 2):
    del d[i]
for i in range(5):
    d[-i] = i
print(len(d), list(d)[:3], list(d)[-5:], sum(d.values()))
