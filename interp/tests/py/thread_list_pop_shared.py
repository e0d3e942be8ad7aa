import threading
work = list(range(2000)); done = []
def f():
    while True:
        try:
            done.append(work.pop())
        except IndexError:
            return
ts = [threading.Thread(target=f) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(work, sorted(done) == list(range(2000)))
