import gc
class N: pass
def cycle():
    a, b = N(), N(); a.o, b.o = b, a
for _ in range(10): cycle()
print(gc.collect() >= 0, gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), len(gc.get_threshold()), len(gc.get_count()), gc.is_tracked([]), gc.is_tracked(1))
x = N(); print(any(o is x for o in gc.get_objects()), gc.get_referents([1, x])[-1] is x)
