d = {1: "int", "1": "str", (1,): "tuple", None: "none", frozenset([1]): "fs", 1.5: "float", b"1": "bytes", int: "type", ...: "ellipsis"}
for k in (1, 1.0, True, "1", (1,), None, frozenset([1]), 1.5, b"1", int, ...):
    print(repr(k), d[k])
print(2 ** 64 in d, d.get(1 + 0j), {2 ** 70: "big"}[2.0 ** 70])
