import threading
n = []
ts = [threading.Thread(target=n.append, args=(i,)) for i in range(60)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(n) == list(range(60)), threading.active_count())
