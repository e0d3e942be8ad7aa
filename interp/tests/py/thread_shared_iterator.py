# One iterator read by several threads gives every item once.
import threading, itertools
for make in (lambda: iter(range(1500)), lambda: iter(list(range(1500))), lambda: iter({i: 0 for i in range(1500)}), lambda: itertools.count(), lambda: enumerate(range(1500)), lambda: map(int, range(1500))):
    it, got = make(), []
    def f():
        for _ in range(500):
            try: got.append(next(it))
            except StopIteration: return
    ts = [threading.Thread(target=f) for _ in range(3)]
    for t in ts: t.start()
    for t in ts: t.join()
    print(len(got), len(set(got)))
