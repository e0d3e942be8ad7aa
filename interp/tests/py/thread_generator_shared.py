# Two threads resume one generator: it never runs twice at once and no item is lost.
import threading
def g():
    for i in range(1000): yield i
it, got, busy = g(), [], [0]
def f():
    while True:
        try: got.append(next(it))
        except StopIteration: return
        except ValueError: busy[0] = 1
ts = [threading.Thread(target=f) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(len(got), sorted(got) == list(range(1000)))
