d = {1: 2}
calls = [lambda: d[3], lambda: d.pop(3), lambda: {}.popitem(), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(5), lambda: d.update(5), lambda: d < d, lambda: d + d, lambda: d.get(), lambda: dict.fromkeys(5), lambda: d.__delitem__(9), lambda: d | [(1, 2)], lambda: dict(a=1, **{"a": 2}), lambda: dict(["abc"]), lambda: d["k"]]
for call in calls:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
