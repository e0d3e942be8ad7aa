a = [1, 2]
calls = {
    "index": lambda: a.index(9), "remove": lambda: a.remove(9), "pop range": lambda: a.pop(5), "pop empty": lambda: [].pop(),
    "get": lambda: a[2], "set": lambda: a.__setitem__(2, 0), "del": lambda: a.__delitem__(2), "add": lambda: a + (1,), "mul": lambda: a * "x",
    "extend": lambda: a.extend(5), "append": lambda: a.append(), "append2": lambda: a.append(1, 2), "hash": lambda: hash(a), "cmp": lambda: a < (1,), "huge": lambda: [1] * (2 ** 62),
    "index range": lambda: a.index(1, 1), "insert": lambda: a.insert("a", 1), "kw": lambda: a.append(object=1), "list": lambda: list(5), "attr": lambda: setattr(a, "x", 1),
}
for name, call in calls.items():
    try:
        print(name, call())
    except Exception as error:
        print(name, type(error).__name__, error)
