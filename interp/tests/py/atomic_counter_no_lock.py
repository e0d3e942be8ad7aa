# requires: taipan
import threading
from transaction import atomic
class Stats: pass
s = Stats(); s.n = s.total = 0; s.log = {}
def f(k):
    for i in range(150):
        with atomic:
            s.n += 1
            s.total = s.total + i
            s.log[s.n] = k
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(s.n, s.total, sorted(s.log) == list(range(1, 601)))
