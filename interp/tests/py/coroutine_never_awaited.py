import gc, warnings
async def f(): pass
async def agen():
    try: yield 1
    finally: print("closed")
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always")
    f()
    gc.collect()
print([str(w.message) for w in found])
a = agen()
try: a.__anext__().send(None)
except StopIteration as e: print(e.value)
del a
gc.collect()
import sys
hooked = []
sys.set_asyncgen_hooks(firstiter=lambda g: hooked.append("first"), finalizer=lambda g: hooked.append("final"))
b = agen()
try: b.__anext__().send(None)
except StopIteration: pass
del b
gc.collect()
print(hooked)
