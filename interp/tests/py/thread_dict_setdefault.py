# setdefault and pop decide once: nobody gets a second winner.
import threading
d, wins, popped = {}, [], []
def f(k):
    for i in range(300):
        if d.setdefault(i, k) == k: wins.append(i)
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
def g():
    for i in range(300):
        if d.pop(i, None) is not None: popped.append(i)
ts = [threading.Thread(target=g) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(wins) == list(range(300)), sorted(popped) == list(range(300)), d)
