import threading
class Account:
    made = 0
    def __init__(self, n): self.n = n; self.history = []
    def add(self, x): self.history.append(x); return self
def f(k):
    for i in range(200):
        a = Account(i).add(i).add(-i)
        assert sum(a.history) == 0 and a.n == i
        results[k] += len(a.history)
results = [0] * 4
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(results)
