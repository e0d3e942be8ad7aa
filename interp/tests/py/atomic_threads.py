# requires: taipan
import threading
from transaction import atomic
a, b, bad = [100], [0], []
def move():
    for _ in range(300):
        with atomic:
            a[0] -= 1
            x = b[0]
            b[0] = x + 1
            a[0] += 1
            b[0] -= 1
def look():
    for _ in range(300):
        with atomic:
            x = a[0]
            y = b[0]
        if (x, y) != (100, 0): bad.append((x, y))
ts = [threading.Thread(target=f) for f in (move, look, move, look)]
for t in ts: t.start()
for t in ts: t.join()
print(a, b, bad)
