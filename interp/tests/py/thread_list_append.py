import threading
items = []
def f(k):
    for i in range(1000): items.append((k, i))
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(items), len(set(items)), all([i for k, i in items if k == n] == list(range(1000)) for n in range(4)))
