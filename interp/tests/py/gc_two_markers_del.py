# flags: -X gc-stress -X gc-markers=2
# Finalizers with two markers at each safepoint: each is called once, for what nothing refers to.
import gc
import weakref


class Loud:
    gone = []

    def __init__(self, name):
        self.name, self.me = name, self

    def __del__(self):
        Loud.gone.append(self.name)


def garbage():
    refs = []
    for i in range(20):
        loud = Loud(i)
        refs.append(weakref.ref(loud))
        loud.refs = [loud, [loud]]
    return refs


kept = [Loud(name) for name in "abc"]
refs = garbage()
gc.collect()
print(sorted(Loud.gone) == list(range(20)), [r() for r in refs].count(None))
print([loud.name for loud in kept])
kept.clear()
gc.collect()
print(sorted(map(str, Loud.gone))[-3:], len(Loud.gone))
