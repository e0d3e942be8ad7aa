d = {"a": 1, "b": 2}
d["c"] = 3
print(d, d["a"], d.get("x"), d.get("x", 0), "a" in d, "x" in d, len(d), list(d), d.keys(), d.values(), d.items())
print(d.pop("a"), d.pop("zz", None), d.setdefault("n", []), d.setdefault("b", 9), d.popitem(), d)
d.update({"q": 1}, r=2)
d.update([("s", 3)])
del d["q"]
print(d, d.copy(), dict(a=1), dict([(1, 2)]), dict({"k": 1}, z=2), dict.fromkeys("ab"), dict.fromkeys([1], 0), {**d, "t": 1}, d | {"b": 0}, {} or "empty")
d |= {"x": 1}
d |= [("y", 2)]
print(d, list(reversed(d)), d == dict(reversed(d.items())), {1: 1} == {1: 1.0}, {1: 2} != {})
d.clear()
print(d)
