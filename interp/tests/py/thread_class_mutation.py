import threading
class A: x = 0
bad = []
def write():
    for i in range(200): A.x = i; setattr(A, f"m{i % 5}", lambda self, i=i: i)
def read():
    a = A(); last = -1
    for _ in range(400):
        v = a.x
        if v < last: bad.append((last, v))
        last = v
ts = [threading.Thread(target=f) for f in (write, read, read)]
for t in ts: t.start()
for t in ts: t.join()
print(A.x, bad, A().m4())
