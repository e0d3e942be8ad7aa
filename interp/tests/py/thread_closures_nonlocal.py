import threading
def make():
    n, lock = 0, threading.Lock()
    def up():
        nonlocal n
        with lock: n += 1
    return up, lambda: n
up, get = make()
ts = [threading.Thread(target=lambda: [up() for _ in range(500)]) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(get())
