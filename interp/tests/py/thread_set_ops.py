import threading
s = set()
def f(k):
    for i in range(400): s.add(i); s.add((k, i)); s.discard((k, i - 1))
ts = [threading.Thread(target=f, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(len(s), sorted(x for x in s if isinstance(x, tuple)), sum(x for x in s if isinstance(x, int)))
