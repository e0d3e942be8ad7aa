from collections import deque
d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0)
print(d, d.maxlen, d[0], d[-1], len(d), d.pop(), d.popleft(), d, 3 in d, d.index(3), d.count(3))
d.extend([7, 8]); d.extendleft([9]); d.rotate(1)
print(d, list(reversed(d)), d.copy(), d + deque([1]), d * 2, deque("ab") == deque("ab"), deque([1]) < deque([2]))
d.insert(1, 99) if len(d) < 4 else None
d.remove(7); d.reverse(); d[0] = "first"; del d[1]
print(d, bool(deque()), deque(range(3)))
for call in (lambda: deque().pop(), lambda: deque().popleft(), lambda: d[10], lambda: d.remove(42), lambda: deque([1], -1), lambda: deque([1], 1).insert(0, 5), lambda: hash(d)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
try:
    for x in d: d.append(x)
except RuntimeError as error:
    print(error)
