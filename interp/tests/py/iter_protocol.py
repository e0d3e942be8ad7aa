class Count:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
print(list(Count(3)), sum(Count(4)), 1 in Count(3), max(Count(3)), tuple(Count(2)), [*Count(2)], dict.fromkeys(Count(2)))
class Seq:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10
print(list(Seq()), 20 in Seq(), [x for x in Seq()], list(reversed([1])))
it = iter([1, 2, 3, 0, 4].pop, 0)
print(list(iter(lambda c=[3, 2, 1]: c.pop(), 3)))
for call in (lambda: iter(5), lambda: next(5), lambda: next(iter([])), lambda: iter(type("B", (), {"__iter__": lambda s: 5})()), lambda: list(type("N", (), {"__iter__": None})()), lambda: reversed({1}), lambda: reversed(5), lambda: iter(5, 1)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
