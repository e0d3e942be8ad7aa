import threading, queue
q = queue.Queue(maxsize=5); out = []
def produce(k):
    for i in range(200): q.put((k, i))
def consume():
    while True:
        item = q.get()
        if item is None: return
        out.append(item); q.task_done()
ps = [threading.Thread(target=produce, args=(k,)) for k in range(2)]
cs = [threading.Thread(target=consume) for _ in range(3)]
for t in ps + cs: t.start()
for t in ps: t.join()
for _ in cs: q.put(None)
for t in cs: t.join()
print(len(out), len(set(out)), q.qsize(), q.empty())
try: q.get_nowait()
except queue.Empty: print("Empty")
try: q.get(timeout=0.01)
except queue.Empty: print("Empty after a wait")
f = queue.Queue(1); f.put(1)
try: f.put_nowait(2)
except queue.Full: print("Full")
p = queue.PriorityQueue(); [p.put(x) for x in (3, 1, 2)]; print([p.get() for _ in range(3)])
l = queue.LifoQueue(); [l.put(x) for x in (1, 2)]; print(l.get())
s = queue.SimpleQueue(); s.put(9); print(s.get(), s.empty())
