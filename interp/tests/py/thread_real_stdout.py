# The lines of several threads come out whole, once each.
import subprocess, sys
program = """
import threading
def f(k):
    for i in range(100): print(f'<{k}:{i}>\\n', end='')
ts = [threading.Thread(target=f, args=(k,)) for k in range(3)]
for t in ts: t.start()
for t in ts: t.join()
"""
out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.splitlines()
print(len(out), len(set(out)), all(x.startswith("<") and x.endswith(">") for x in out), [x for x in out if x.startswith("<1:")] == [f"<1:{i}>" for i in range(100)])
