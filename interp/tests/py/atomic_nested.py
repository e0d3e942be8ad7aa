# requires: taipan
from transaction import atomic
log = []
with atomic:
    log.append("outer")
    with atomic:
        log.append("inner")
    try:
        with atomic:
            log.append("undone")
            raise KeyError("inner only")
    except KeyError:
        log.append("caught")
print(log)
@atomic
def f(x):
    log.append(x)
    if x == 2: raise ValueError(x)
    return x
print(f(1))
try: f(2)
except ValueError: pass
print(log)
def g():
    with atomic:
        return "returned"
print(g())
for i in range(3):
    with atomic:
        if i == 1: continue
        log.append(i)
print(log)
