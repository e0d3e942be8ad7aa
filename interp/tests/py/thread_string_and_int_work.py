import threading
res = [None] * 3
def f(k):
    s = "".join(chr(97 + (i * k) % 26) for i in range(500)); n = 1
    for i in range(1, 60): n = n * (i + k) % (10 ** 40 + 7)
    res[k] = (hash(s) == hash(s[:]), s[:8], n, sorted(s)[:3], s.count("a"), f"{n:x}"[:6])
ts = [threading.Thread(target=f, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
for r in res: print(r)
