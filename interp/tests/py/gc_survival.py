import gc
def make(n):
    return {"list": list(range(n)), "nested": [[str(i), (i, float(i))] for i in range(n)], "set": {i * 3 for i in range(n)}}
kept = [make(50) for _ in range(20)]
for i in range(200):
    make(60)
    if i % 40 == 0: gc.collect()
print(all(k["nested"][49] == ["49", (49, 49.0)] and len(k["set"]) == 50 for k in kept), sum(sum(k["list"]) for k in kept))
def gen():
    local = [object() for _ in range(10)]
    while True:
        gc.collect(); yield len(local)
g = gen(); print(next(g), next(g))
f = [lambda i=i: i for i in range(100)]; gc.collect(); print(sum(x() for x in f))
s = "".join(chr(65 + i % 26) for i in range(10000)); parts = [s[i:i + 7] for i in range(0, len(s), 7)]; gc.collect(); print("".join(parts) == s)
