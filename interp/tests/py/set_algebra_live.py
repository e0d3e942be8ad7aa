"""Set algebra: results, orders, and items whose `__eq__` looks at the sets or changes them."""

a, b = frozenset(range(0, 60, 2)), set(range(0, 60, 3))
print(sorted(a & b), sorted(a - b), sorted(b - a), sorted(a ^ b))
print(a & b == b & a, type(a & b).__name__, type(b & a).__name__, type(b - a).__name__)
print({1, 2} <= {1, 2, 3}, {1, 2} < {1, 2}, {1, 4} <= {1, 2, 3}, frozenset() <= set(), set() < {0})
print({1, 2}.isdisjoint({3}), {1, 2}.isdisjoint({2}), {1, 2}.isdisjoint([5, 2]), set().isdisjoint(set()))
print(list(frozenset(range(50)) - {3, 40, 7}) == [i for i in range(50) if i not in (3, 40, 7)])
print(hash(frozenset([1, 2, 3])), hash(frozenset()), hash(frozenset(range(-5, 90, 7))))
s = set(range(10))
s -= s
print(s)
s = set(range(10))
s -= {1, 3, 50}
s.difference_update([2, 4])
print(s)


class Key:
    def __init__(self, n, act=None):
        self.n, self.act = n, act

    def __hash__(self):
        return 7

    def __eq__(self, other):
        if self.act:
            self.act()
        return self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


def fail():
    raise LookupError("no")


left, right = {Key(1), Key(2), Key(3)}, {Key(3), Key(4)}
print(sorted(map(repr, left & right)), sorted(map(repr, left - right)), left <= right)
for operation in (set.__and__, set.__sub__, set.__le__, set.isdisjoint, set.difference):
    try:
        operation({Key(1, fail)}, {Key(2), Key(3)})
    except LookupError as error:
        print(operation.__name__, error)
grow = {Key(1, lambda: grow.discard(5)), 5}
print(len(grow & {Key(2), Key(3), 5}) <= 2)
