import threading
local = threading.local()
local.x = "main"
seen = []
def f(n):
    print(hasattr(local, "x")) if n == 0 else None
    local.x = n
    for _ in range(100): assert local.x == n
    seen.append(local.x)
ts = [threading.Thread(target=f, args=(i,)) for i in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(seen), local.x)
class L(threading.local):
    def __init__(self, v): self.v = v
l = L([1])
def g(): l.v.append(2); got.append(l.v); l.w = 1
got = []
t = threading.Thread(target=g); t.start(); t.join()
print(l.v, got, hasattr(l, "w"))
