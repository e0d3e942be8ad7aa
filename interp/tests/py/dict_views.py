d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k & {"a", "z"} == {"a"}, sorted(k | ["q"]), sorted(k - {"a"}), sorted(k ^ {"a", "q"}), k == {"a", "b", "c"}, k >= {"a"}, k.isdisjoint("xyz"), ("a", 1) in i, ("a", 2) in i, 3 in v, sorted(i & {("a", 1)}))
d["d"] = 4
print(len(k), list(v), list(reversed(i)), k.mapping["a"], v == d.values(), "d" in k, i == d.items())
try:
    d.keys().mapping["x"] = 1
except TypeError as error:
    print(error)
print(type(k), type(v), type(i), type(iter(k)))
