import threading, functools
@functools.lru_cache(maxsize=None)
def slow(n): return sum(range(n))
class C:
    @functools.cached_property
    def v(self): return [1]
c, seen = C(), []
def f():
    for i in range(100): assert slow(i) == sum(range(i))
    seen.append(c.v)
ts = [threading.Thread(target=f) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(seen), slow.cache_info().currsize, all(x == [1] for x in seen))
