import copy, threading, io, sys, types
class Holder:
    def __init__(self): self.lock = threading.Lock()
refused = [threading.Lock(), Holder(), open(__file__), (x for x in []), sys, {}.keys(), memoryview(b"").obj and 0, staticmethod(1), types.MappingProxyType({})]
for o in refused:
    try:
        copy.deepcopy(o)
        print("copied", type(o).__name__)
    except TypeError as e:
        print("refused", type(o).__name__)
ns = types.SimpleNamespace(a=1)
print(vars(ns), ns.__dict__, copy.copy(ns))
for f in (str.maketrans, int.__new__, dict.fromkeys):
    import pickle
    print(pickle.loads(pickle.dumps(f)) == f)
refused[2].close()
