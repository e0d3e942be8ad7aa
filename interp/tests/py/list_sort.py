a = [5, 2, 9, 1]
a.sort(reverse=True)
print(a, sorted(a), sorted("hello"), sorted(a, key=lambda x: -x), sorted([(1, "b"), (0, "z"), (1, "a")]), sorted(["B", "a", "C"], key=str.lower))
pairs = [(i % 3, i) for i in range(10)]
print(sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True))
print(sorted([True, 0, 2, False, 1.5]), sorted([]), sorted({3: 1, 1: 2}), sorted([[2], [1, 5], [1]]), a.sort())
for call in (lambda: sorted([1, "a"]), lambda: sorted(5), lambda: [].sort(1), lambda: sorted([1], key=5), lambda: sorted([1], lambda x: x)):
    try:
        print(call())
    except TypeError as error:
        print(error)
