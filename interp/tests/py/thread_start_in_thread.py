import threading
done = []
def f(depth):
    if depth:
        ts = [threading.Thread(target=f, args=(depth - 1,)) for _ in range(2)]
        for t in ts: t.start()
        for t in ts: t.join()
    done.append(depth)
f(4); print(len(done), sorted(done)[-3:], threading.active_count())
