import threading
def squares(n):
    for i in range(n): yield i * i
def chain(k):
    yield from (x + k for x in squares(100) if x % 2)
out = {}
def f(k): out[k] = sum(chain(k)); out[k, "list"] = len([*chain(k)])
ts = [threading.Thread(target=f, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(out.items(), key=str))
