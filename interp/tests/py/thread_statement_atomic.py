# One bytecode-level statement that calls no Python function loses no update in Taipan.
# requires: taipan
import threading
class C: pass
c = C(); c.n = 0; d = {"k": 0}; l = [0]; g = 0
def f():
    global g
    for _ in range(1500):
        c.n += 1
        d["k"] += 1
        l[0] += 1
        g += 1
ts = [threading.Thread(target=f) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(c.n, d["k"], l[0], g)
