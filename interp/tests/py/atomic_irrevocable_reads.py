# requires: taipan
# What an irrevocable block has read stays until it ends, also in objects that were made before there were threads.
import os
import threading
from transaction import atomic

rows = [{"n": 0} for _ in range(40)]
lists = [[0] for _ in range(40)]
meet = threading.Barrier(2)


def irrevocable():
    for row, items in zip(rows, lists):
        meet.wait()
        with atomic:
            os.close(os.dup(0))
            n, m = row["n"], items[0]
            for _ in range(20000):
                pass
            row["n"], items[0] = n + 1, m + 1


def rival():
    for row, items in zip(rows, lists):
        meet.wait()
        for _ in range(3000):
            pass
        with atomic:
            row["n"], items[0] = row["n"] + 1, items[0] + 1


threads = [threading.Thread(target=f) for f in (irrevocable, rival)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print({row["n"] for row in rows}, {items[0] for items in lists})
