# A tee's source is asked by one caller at a time.
import threading
from itertools import tee
class Again:
    def __iter__(self): return self
    def __next__(self): return next(self.other)
source = Again()
a, source.other = tee(source)
try:
    next(a)
except RuntimeError as error:
    print(type(error).__name__)
start, finish = threading.Event(), threading.Event()
class Slow:
    n = 0
    def __iter__(self): return self
    def __next__(self):
        start.set()
        finish.wait()
        Slow.n += 1
        if Slow.n == 3: raise KeyError("third")
        return Slow.n
a, b = tee(Slow())
thread = threading.Thread(target=next, args=[a])
thread.start()
start.wait()
try:
    next(b)
except RuntimeError as error:
    print(type(error).__name__)
finish.set()
thread.join()
print(next(b), next(b), next(a))
for each in (a, b, a):
    try:
        print(next(each))
    except KeyError as error:
        print("KeyError", error)
