# requires: taipan
import threading
from transaction import atomic
n = [0]
def f(k):
    for i in range(20):
        with atomic:
            n[0] += 1
            print("tick", n[0])
ts = [threading.Thread(target=f, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
