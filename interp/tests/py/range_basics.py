r = range(2, 20, 3)
print(r, list(r), len(r), r[0], r[-1], r[1:4], r[::-1], 5 in r, 6 in r, 5.0 in r, "a" in r, r.index(8), r.count(8), r.start, r.stop, r.step, r == range(2, 19, 3), hash(r) == hash(range(2, 19, 3)), bool(range(0)), range(5), list(range(5, 0, -2)), list(range(3, 3)))
print(range(10 ** 20, 10 ** 20 + 3)[1], 10 ** 20 in range(10 ** 20 + 1), len(range(0, 10 ** 10, 7)), list(reversed(range(0, 10, 3))), range(10)[2:-2:2], min(range(5, 1, -1)), sum(range(10)))
for call in (lambda: range(1, 2, 0), lambda: range("a"), lambda: range(1.5), lambda: r[100], lambda: r.index(3), lambda: range(), lambda: range(1, 2, 3, 4), lambda: len(range(2 ** 70))):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
try:
    r.start = 1
except AttributeError as error:
    print(error)
