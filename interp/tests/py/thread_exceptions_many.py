import threading
caught = []
def g(i):
    if i % 3 == 0: raise ValueError(i)
    return {}[i] if i % 3 == 1 else i
def f():
    n = 0
    for i in range(300):
        try: g(i)
        except ValueError as e: n += e.args[0] == i
        except KeyError as e: n += e.args[0] == i
        else: n += 1
        finally: n += 1
    caught.append(n)
ts = [threading.Thread(target=f) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(caught)
