import threading
def f(k):
    for i in range(50): print(f"{k}-{i}")
import io, sys
old, sys.stdout = sys.stdout, io.StringIO()
ts = [threading.Thread(target=f, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
text, sys.stdout = sys.stdout.getvalue(), old
print(len(text), sorted(x for x in text.replace("-", "\n").split())[:3])
