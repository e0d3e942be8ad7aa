import itertools as it
print(list(it.chain([1], "a")), list(it.chain.from_iterable([[1], [2]])), list(it.islice(it.count(5, 2), 3)), list(it.islice("abcdef", 1, 5, 2)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat(1, 2)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(it.takewhile(lambda x: x < 3, range(9))), list(it.dropwhile(lambda x: x < 3, range(5))), list(it.filterfalse(None, [0, 1])), list(it.compress("abc", [1, 0, 1])))
print(list(it.product("ab", repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), list(it.zip_longest([1], "ab", fillvalue="-")), list(it.starmap(pow, [(2, 3)])), list(it.pairwise([1, 2, 3])), list(it.batched("abcde", 2)))
print([(k, list(g)) for k, g in it.groupby("aabbc")], [(k, list(g)) for k, g in it.groupby([1, 3, 2], key=lambda x: x % 2)])
a, b = it.tee([1, 2, 3]); print(next(a), list(b), list(a))
print(it.count(3), it.repeat(5, 3), list(it.product()), list(it.product([], [1])), list(it.permutations([])), next(it.count(1.5, 0.5)))
for call in (lambda: it.islice([1], -1), lambda: it.combinations([1], -1), lambda: list(it.batched([1], 0)), lambda: it.repeat(), lambda: it.count("a")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
