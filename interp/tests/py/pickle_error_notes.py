# requires: 3.14
# What cannot be pickled, and where it is.
import pickle
def attempt(value, protocol=5):
    try: print("no error:", pickle.dumps(value, protocol))
    except Exception as e: print(f"{type(e).__name__}: {e}".split(" at 0x")[0], *getattr(e, "__notes__", ()), sep="\n  ")
class R:
    def __init__(self, reduced): self.reduced = reduced
    def __reduce__(self):
        if self.reduced is ValueError: raise ValueError("no")
        return self.reduced
class Holder: pass
bad = R(ValueError)
holder = Holder(); holder.ok = 1; holder.bad = bad
for value in ([bad], [0, bad], (1, bad), (1, 2, 3, bad), {"k": bad}, {"j": 1, "k": bad}, {bad}, frozenset([bad]), holder, {bad: 1}):
    attempt(value)
attempt([bad], 0); attempt({"k": bad}, 0); attempt(holder, 0)
for reduced in (5, (), (print,), (1, ()), (print, 1), (print, (), None, 1), (print, (), None, None, 1), (print, (), None, None, None, 1), (1, 2, 3, 4, 5, 6, 7),
                (print, (bad,)), (bad.__init__, ()), (print, (), bad), (print, (), None, iter([1, bad])), (print, (), None, None, iter({"k": bad}.items())),
                (print, (), None, None, iter([1])), (print, (), 1, None, None, lambda: 0)):
    attempt(R(reduced))
def local():
    class Local: pass
    return Local
attempt(local()); attempt(local()()); attempt(lambda: 0); attempt([len, lambda: 0])
class Moved: pass
Was = Moved; Moved = 5
attempt(Was); del Moved; attempt(Was)
class Lost: pass
Lost.__module__ = "no_such_module"
attempt(Lost); attempt(Lost())
import threading, sys
attempt(threading.Lock()); attempt(sys._getframe()); attempt(x for x in ())
class Fake:
    @property
    def __class__(self): return int
attempt(Fake())
class NewObj:
    def __init__(self, args): self.args = args
    def __reduce__(self): return __newobj__, self.args
def __newobj__(): pass
for args in ((), (5,), (int,), (NewObj, bad)): attempt(NewObj(args))
class NewObjEx(NewObj):
    def __reduce__(self): return __newobj_ex__, self.args
def __newobj_ex__(): pass
for args in ((), (5, (), {}), (NewObjEx, 1, {}), (NewObjEx, (), 1), (NewObjEx, (bad,), {})): attempt(NewObjEx(args))
NonAscii = type("Caf\u00e9", (), {}); globals()["Caf\u00e9"] = NonAscii
attempt(NonAscii, 2)
