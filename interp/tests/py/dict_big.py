d = {}
for i in range(20000):
    d[i * 7919 % 100003] = i
total = 0
for i in range(20000):
    total += d[i * 7919 % 100003]
print(len(d), total, min(d), max(d), sum(1 for k in range(1000) if k in d))
s = {str(i): i for i in range(5000)}
print(len(s), s["4999"], "5000" in s, sum(s[str(i)] for i in range(0, 5000, 13)))
m = {(i, str(i)): i for i in range(1000)}
print(m[(10, "10")], (1, "2") in m)
