import threading
class Tree:
    def __init__(self): self.lock, self.n = threading.RLock(), 0
    def add(self, k):
        with self.lock:
            if k: self.n += 1; self.add(k - 1)
t = Tree()
ts = [threading.Thread(target=lambda: [t.add(5) for _ in range(100)]) for _ in range(3)]
for x in ts: x.start()
for x in ts: x.join()
print(t.n)
