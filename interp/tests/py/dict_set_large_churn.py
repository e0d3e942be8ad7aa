d = {}
for r in range(5):
    for i in range(3000): d[i * 31 % 7001] = (r, i)
    for i in range(0, 3000, 3): d.pop(i * 31 % 7001, None)
print(len(d), sum(v[1] for v in d.values()), list(d)[:3])
s = set(range(5000)); s -= set(range(0, 5000, 2)); s |= {10 ** 20, -1, 2.5}; s ^= {1, 2}
print(len(s), sum(x for x in s if x < 10 ** 6), 2 in s, 1 in s, 10 ** 20 in s)
import collections
c = collections.Counter(i * i % 97 for i in range(5000)); print(c.most_common(3), len(c))
t = {(i % 10, i % 7): i for i in range(500)}; print(len(t), t[3, 3], (3, 8) in t)
f = {1.5: "a", 1: "b", True: "c", 0.0: "d", -0.0: "e", "1": "f"}; print(f)
