s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as error:
    print(error)
print(sorted(x for x in {3, 1, 2}), sorted({x % 3 for x in range(10)}), {1, True, 1.0})
class F(set):
    pass
a = F([1])
print(a, type(a | {2}), type(a.copy()), a == {1}, repr(F()), repr(frozenset({1})))
