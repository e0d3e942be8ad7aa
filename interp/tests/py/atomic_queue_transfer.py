# requires: taipan
import threading, collections
from transaction import atomic
src, dst, lost = collections.deque(range(300)), collections.deque(), []
def move():
    while True:
        with atomic:
            if not src: return
            dst.append(src.popleft())
def look():
    for _ in range(200):
        with atomic: n = len(src) + len(dst)
        if n != 300: lost.append(n)
ts = [threading.Thread(target=f) for f in (move, move, look)]
for t in ts: t.start()
for t in ts: t.join()
print(len(src), sorted(dst) == list(range(300)), lost)
