# sort with a Python key is one step for others: they never see the list empty.
# requires: taipan
import threading
a = list(range(50)); bad = []; stop = False
def sorter():
    global stop
    for i in range(40): a.sort(key=lambda x: -x if i % 2 else x)
    stop = True
def reader():
    while not stop:
        n = len(a)
        if n != 50: bad.append(n)
ts = [threading.Thread(target=f) for f in (sorter, reader)]
for t in ts: t.start()
for t in ts: t.join()
print(bad[:3], a == list(range(49, -1, -1)))
