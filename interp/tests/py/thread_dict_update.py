import threading
d = {}
def f(k):
    for i in range(500):
        d[k, i] = i
        d["shared", i % 7] = k
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(d), sum(v for k, v in d.items() if k[0] != "shared"), all(d["shared", i] in range(4) for i in range(7)))
