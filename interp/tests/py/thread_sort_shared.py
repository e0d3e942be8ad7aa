import threading
a = list(range(300, 0, -1)); seen = []
def sorter():
    for _ in range(20): a.sort(); a.reverse()
def reader():
    for _ in range(60): seen.append(len(a[:]) )
ts = [threading.Thread(target=f) for f in (sorter, reader)]
for t in ts: t.start()
for t in ts: t.join()
print(len(a), sorted(a) == list(range(1, 301)))
