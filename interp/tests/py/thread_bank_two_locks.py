import threading
class A:
    def __init__(self): self.lock, self.n = threading.Lock(), 100
accounts = [A() for _ in range(5)]
def f(seed):
    x = seed
    for _ in range(600):
        x = (x * 1103515245 + 12345) % 2 ** 31
        i, j = sorted(((x >> 8) % 5, (x >> 16) % 5))
        if i == j: continue
        with accounts[i].lock, accounts[j].lock:
            accounts[i].n -= 1; accounts[j].n += 1
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sum(a.n for a in accounts), any(a.lock.locked() for a in accounts))
