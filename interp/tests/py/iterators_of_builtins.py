for it in (iter([1]), iter((1,)), iter("a"), iter(b"a"), iter({1}), iter({1: 2}), iter({1: 2}.items()), iter(range(1)), reversed([1]), enumerate([1]), zip([1]), map(str, [1]), filter(None, [1]), iter(bytearray(b"a")), reversed(range(1)), iter(int, 1), iter(memoryview(b"a"))):
    print(type(it).__name__, iter(it) is it, next(it), next(it, "end") if type(it).__name__ != "callable_iterator" else "")
import copy, pickle
i = iter([1, 2, 3]); next(i); j = copy.copy(i); print(list(i), list(j))
print(list(pickle.loads(pickle.dumps(iter([1, 2])))), list(copy.copy(iter(range(3)))), list(copy.copy(enumerate("ab"))))
