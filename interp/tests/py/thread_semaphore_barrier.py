import threading
s = threading.Semaphore(2); peak = [0, 0]; guard = threading.Lock()
def f():
    with s:
        with guard: peak[0] += 1; peak[1] = max(peak)
        with guard: peak[0] -= 1
ts = [threading.Thread(target=f) for _ in range(6)]
for t in ts: t.start()
for t in ts: t.join()
print(peak[0], 1 <= peak[1] <= 2)
b = threading.Barrier(3); order = []
def g(k):
    order.append("before"); b.wait(); order.append("after")
ts = [threading.Thread(target=g, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(order[:3], order[3:])
try:
    threading.BoundedSemaphore(1).release()
except ValueError as error:
    print(error)
