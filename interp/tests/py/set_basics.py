s = {1, 2, 3}
s.add(4)
s.add(1)
s.discard(9)
s.remove(2)
print(sorted(s), len(s), 1 in s, 9 in s, s == {4, 3, 1}, set(), {*()}, set("a"), {1} | {2}, {1, 2} & {2}, {1, 2} - {2}, {1, 2} ^ {2, 3})
print({1} < {1, 2}, {1} <= {1}, {1, 2} > {1}, {1}.issubset([1, 2]), {1, 2}.issuperset((1,)), {1}.isdisjoint([2]), {1}.union([2], (3,)), {1, 2}.intersection([2, 3], [2]), {1, 2}.difference([1]), {1, 2}.symmetric_difference([2, 3]))
s.update([7], [8])
s -= {7}
s |= {10}
s &= {1, 3, 8, 10}
s ^= {1, 11}
print(sorted(s), s.copy() == s)
s.difference_update([3])
s.intersection_update([8, 10])
s.symmetric_difference_update([10])
print(s, s.pop(), s)
for call in (lambda: s.pop(), lambda: s.remove(1), lambda: {1} | [1], lambda: {1} < [1], lambda: set(5), lambda: hash(set()), lambda: s + s, lambda: s[0]):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
