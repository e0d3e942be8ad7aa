from collections import deque
d = deque([1, 2, 3], 4)
d.append(4)
d.appendleft(0)
print(d, d.maxlen, len(d), d[0], d[-1], 3 in d)
d.append(9)
d.rotate(1)
print(d, d.pop(), d.popleft(), d)
d = deque(range(6))
d.rotate(-2)
d.reverse()
d.insert(2, "x")
d.remove(4)
del d[0]
d[1] = "y"
print(d, d.index("y"), d.count(5), list(reversed(d)), d + deque("z"), d * 2 == d + d)
d.extend(d)
d.extendleft("ab")
print(d, d.copy() == d, deque("a") < deque("b"), deque([[]]) == [[]])
for bad in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque()[0], lambda: deque([], -1), lambda: deque("ab", 2).insert(0, 1), lambda: deque().index(7), lambda: deque("a") + "b", lambda: deque(5)):
    try:
        print(bad())
    except Exception as error:
        print(type(error).__name__, error)
try:
    for x in d:
        d.append(x)
except RuntimeError as error:
    print(error)
d.clear()
d.append(d)
print(d)
