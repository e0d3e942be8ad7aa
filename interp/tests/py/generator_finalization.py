import gc
log = []
def g(n):
    try:
        yield n
    finally:
        log.append(n)
for x in g(1): break
gc.collect()
it = g(2); next(it); del it; gc.collect()
it = g(3); next(it); it.close()
def outer():
    try: yield from g(4)
    finally: log.append("outer")
o = outer(); next(o); o.close()
print(sorted(map(str, log)))
def never(): yield log.append("never started")
n = never(); n.close(); del n; gc.collect()
print("never started" in log)
