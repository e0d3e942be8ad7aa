# requires: taipan
"""What a block reads of classes is of one state: attributes, methods, bases, what was deleted."""
import threading
from time import perf_counter
from transaction import atomic


class Box:
    step = None


class Base0:
    def base(self):
        return 0


class Base1:
    def base(self):
        return 1


class A(Base0):
    tag = 0

    def method(self):
        return 0


box, done, bad, object_ = Box(), [], [], A()
box.step = 0


def spin(seconds):
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


def write():
    for i in range(1, 40):
        with atomic:
            A.tag = i
            spin(0.0005)
            A.method = lambda self, i=i: i
            A.__bases__ = (Base1,) if i % 2 else (Base0,)
            if i % 2:
                A.odd = True
            else:
                del A.odd
            spin(0.0005)
            box.step = i
        spin(0.001)
    done.append(True)


def read():
    while not done:
        with atomic:
            step = box.step
            spin(0.0005)
            found = (object_.method(), object_.base(), hasattr(A, "odd"))
        if found != (step, step % 2, bool(step % 2)):
            bad.append((step, found))


threads = [threading.Thread(target=f) for f in (read, read, write)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(bad[:3], A.tag, object_.method(), A.__bases__)
