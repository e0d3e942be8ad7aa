a = [3, 1, 2]
a.append(4)
a.extend((5, 6))
a.insert(0, 0)
a.insert(100, 7)
a.insert(-1, 99)
print(a, len(a), a.index(99), a.count(1), a.pop(), a.pop(0), a)
a.remove(99)
a.reverse()
a.sort()
print(a, a.copy() == a, a.copy() is a, 3 in a, 42 in a, [] or "empty", a + [1], [0] * 3, 2 * [1, 2])
a += "xy"
a *= 2
print(a)
a.clear()
print(a, [1, [2, [3]]], list("abc"), list(), list({1: 2}))
