print(min(3, 1, 2), max([3, 1, 2]), min("banana"), max(["aa", "b"], key=len), min([], default=7), max((), default=None))
print(max([(1, "b"), (1, "a")], key=lambda p: p[0]), min([2, 1, 1.0]), sum(range(101)), sum([[1], [2]], []))
for call in (lambda: min([]), lambda: max(), lambda: max(1), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: min(1, "a"), lambda: max(1, 2, default=3), lambda: sum([1], 2, 3)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
