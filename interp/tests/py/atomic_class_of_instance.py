# requires: taipan
"""An instance's class, once set in a block, is seen together with the block's other effects."""
import threading
from time import perf_counter
from transaction import atomic


class Even:
    def __len__(self):
        return 0


class Odd:
    def __len__(self):
        return 1


class Box:
    n = None


thing, box, done, bad = Even(), Box(), [], []
box.n = 0


def spin(seconds):
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


def write():
    for i in range(1, 30):
        with atomic:
            box.n = i
            spin(0.001)
            thing.__class__ = Odd if i % 2 else Even
            spin(0.001)
        spin(0.002)
    done.append(True)


def read():
    while not done:
        with atomic:
            n = box.n
            spin(0.002)
            found = (len(thing), type(thing) is Odd)
        if found != (n % 2, bool(n % 2)):
            bad.append((n, found))


threads = [threading.Thread(target=f) for f in (read, write)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(bad[:3], type(thing).__name__)
