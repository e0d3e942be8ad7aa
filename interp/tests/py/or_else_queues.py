# requires: taipan
"""or_else over the library's queues."""
import queue
import threading
from transaction import or_else

one, two, got = queue.Queue(2), queue.Queue(2), []


def consume():
    for _ in range(40):
        got.append(or_else(one.get, two.get))


def feed(q, base):
    for i in range(20):
        q.put(base + i)


threads = [threading.Thread(target=consume)]
threads += [threading.Thread(target=feed, args=a) for a in ((one, 0), (two, 20))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(got) == list(range(40)))
