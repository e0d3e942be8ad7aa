import threading, collections
d = collections.deque(); got = []
def put(k):
    for i in range(500): d.append((k, i))
def take():
    n = 0
    while n < 500:
        try: got.append(d.popleft()); n += 1
        except IndexError: pass
ts = [threading.Thread(target=put, args=(k,)) for k in range(2)] + [threading.Thread(target=take) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(len(got), len(set(got)), len(d))
