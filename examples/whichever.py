"""Waiting for whichever of several things comes first: `retry` and `or_else`, with no condition variable.

Usage: whichever.py [items]
"""
import sys
import threading
from collections import deque

from transaction import atomic, or_else, retry

ROOM = 10


def give(buffer, item):
    if len(buffer) == ROOM:
        retry()  # until a taker has made room
    buffer.append(item)


def take(buffer):
    if not buffer:
        retry()  # until a giver has brought something
    return buffer.popleft()


def produce(buffer, items):
    for item in items:
        with atomic:
            give(buffer, item)


def consume(urgent, normal, count, sums):
    for _ in range(count):
        with atomic:
            # What `take(urgent)` did is undone if it retries; if both do, the thread sleeps until either buffer changes.
            sums["urgent"] += or_else(lambda: take(urgent), lambda: take(normal) * 0)


def main():
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    urgent, normal, sums = deque(), deque(), {"urgent": 0}
    threads = [
        threading.Thread(target=produce, args=(urgent, range(items))),
        threading.Thread(target=produce, args=(normal, range(items))),
        threading.Thread(target=consume, args=(urgent, normal, items, sums)),
        threading.Thread(target=consume, args=(urgent, normal, items, sums)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"urgent items add up to {sums['urgent']}, expected {sum(range(items))}")


if __name__ == "__main__":
    main()
