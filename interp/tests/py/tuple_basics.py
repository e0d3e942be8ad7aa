t = (1, 2, 3)
print(t, (), (1,), 1, t[0], t[-1], t[1:], t + (4,), t * 2, len(t), 2 in t, t.index(2), t.count(1), tuple("ab"), tuple([1]), tuple(), t == (1, 2, 3), t < (1, 2, 4), hash(t) == hash((1, 2, 3)), t[::-1])
a, b, c = t
print(a, b, c, (a, b) == (1, 2), *t)
for call in (lambda: t[5], lambda: t.index(9), lambda: t + [1], lambda: hash(([],)), lambda: t.__setitem__, lambda: tuple(5)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
try:
    t[0] = 1
except TypeError as error:
    print(error)
try:
    del t[0]
except TypeError as error:
    print(error)
print(hash(()) == hash(()), repr((1, "a", None)), ((1, 2), [3]))
