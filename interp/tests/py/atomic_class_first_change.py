# requires: taipan
"""Threads that are the first to set an attribute of a class, all at once: no increment is lost."""
import threading
from time import perf_counter
from transaction import atomic

classes = [type(f"C{i}", (), {"n": 0}) for i in range(20)]
barrier = threading.Barrier(3)


def spin(seconds):
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


def work():
    barrier.wait()
    for c in classes:
        with atomic:
            seen = c.n
            spin(0.001)
            c.n = seen + 1


threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print({c.n for c in classes})
