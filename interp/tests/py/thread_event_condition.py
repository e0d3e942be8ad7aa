import threading
e = threading.Event(); log = []
def waiter(): e.wait(); log.append("woke")
ts = [threading.Thread(target=waiter) for _ in range(2)]
for t in ts: t.start()
print(e.is_set(), e.wait(0.01)); log.append("set"); e.set()
for t in ts: t.join()
print(log, e.is_set()); e.clear(); print(e.is_set())
c = threading.Condition(); items = []; got = []
def consumer():
    with c:
        while not items: c.wait()
        got.append(items.pop())
ts = [threading.Thread(target=consumer) for _ in range(3)]
for t in ts: t.start()
for i in range(3):
    with c: items.append(i); c.notify()
for t in ts: t.join()
print(sorted(got), items)
with c: print(c.wait(0.01), c.wait_for(lambda: True))
try: c.notify()
except RuntimeError as error: print(error)
