import threading, gc, weakref
class N:
    def __init__(self): self.me = self
refs = []
def f():
    for i in range(200):
        n = N(); refs.append(weakref.ref(n)); data = [[j] for j in range(20)]
        if i % 50 == 0: gc.collect()
ts = [threading.Thread(target=f) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
gc.collect()
print(len(refs), sum(r() is not None for r in refs) <= 3)
