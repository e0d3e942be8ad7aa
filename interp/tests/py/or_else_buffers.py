# requires: taipan
"""Takers wait for whichever of two bounded buffers has something, givers for whichever has room."""
import threading
from collections import deque
from transaction import atomic, or_else, retry

LIMIT, COUNT = 3, 60
left, right, taken = deque(), deque(), []


def take(buffer):
    if not buffer:
        retry()
    return buffer.popleft()


def give(buffer, item):
    if len(buffer) >= LIMIT:
        retry()
    buffer.append(item)


def taker():
    for _ in range(COUNT):
        with atomic:
            item = or_else(lambda: take(left), lambda: take(right))
            taken.append(item)


def giver(base, first, second):
    for i in range(base, base + COUNT):
        or_else(lambda: give(first, i), lambda: give(second, i))


threads = [threading.Thread(target=taker) for _ in range(2)]
threads.append(threading.Thread(target=giver, args=(0, left, right)))
threads.append(threading.Thread(target=giver, args=(COUNT, right, left)))
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(taken) == list(range(2 * COUNT)), len(left), len(right))
