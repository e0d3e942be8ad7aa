import gc, weakref
class T:
    def __init__(self, n): self.n = n
    def __del__(self): log.append(self.n)
log = []
def use(*a): return len(a)
use(T(1), [T(2)], {3: T(3)})
[T(4), T(5)][0]
(lambda x: None)(T(6))
t = T(7); t = None
for x in (T(8), T(9)): pass
del x
try: raise ValueError(T(10))
except ValueError as e: pass
def g():
    try: yield T(11)
    finally: log.append(12)
next(g())
gc.collect()
gc.collect()
print(sorted(log))
r = weakref.ref(T(13), lambda ref: print("callback", ref() is None))
gc.collect()
print(r(), sorted(log)[-1])
