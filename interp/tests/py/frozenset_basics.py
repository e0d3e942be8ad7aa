f = frozenset([1, 2, 3])
print(f == {1, 2, 3}, {f: 1}[frozenset([3, 2, 1])], f | {4} == {1, 2, 3, 4}, type(f | {4}), type({4} | f), f & {1}, frozenset(), frozenset([1]), hash(f) == hash(frozenset([3, 1, 2])), f.union([9]) > f, frozenset(f) is f, f.copy() is f, {frozenset([1])} == {frozenset([1])}, frozenset([1]) in {frozenset([1])}, {1} in {frozenset([1])})
try:
    f.add(1)
except AttributeError as error:
    print(error)
x = f
x |= {4}
print(len(x), len(f))
