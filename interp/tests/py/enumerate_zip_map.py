print(list(enumerate("ab")), list(enumerate("ab", start=5)), list(zip("ab", [1, 2, 3])), list(zip()), list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2])), dict(zip("ab", range(2))), list(zip(*[(1, 2), (3, 4)])))
for call in (lambda: list(zip([1], [1, 2], strict=True)), lambda: list(zip([1, 2], [1], strict=True)), lambda: map(len), lambda: enumerate(), lambda: list(zip([1, 2], [1], [1], strict=True)), lambda: zip(5), lambda: filter(None), lambda: list(map(len, [5]))):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
it = zip([1, 2], iter("ab"))
print(next(it), list(it), type(it))
print(any([]), all([]), any([0, 1]), all([1, 0]), any(x > 2 for x in range(5)), list(reversed((1, 2))), sorted(map(str, range(3)), reverse=True))
