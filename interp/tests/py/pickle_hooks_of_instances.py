# requires: 3.14
# `persistent_id` and `persistent_load` assigned to picklers.
import io, pickle
file = io.BytesIO()
pickler = pickle.Pickler(file)
print(pickler.persistent_id(1), pickle.Pickler.persistent_id(pickler, 2))
pickler.persistent_id = lambda obj: obj if obj == 5 else None
pickler.dump([4, 5])
unpickler = pickle.Unpickler(io.BytesIO(file.getvalue()))
unpickler.persistent_load = lambda pid: -pid
print(unpickler.load())
del pickler.persistent_id
file.seek(0)
pickler.dump([5])
print(file.tell(), pickle.loads(file.getvalue()[:file.tell()]))
class WithMethod(pickle.Unpickler):
    def persistent_load(self, pid): return "method"
unpickler = WithMethod(io.BytesIO(b"Px\n.Px\n."))
print(unpickler.load())
unpickler.persistent_load = lambda pid: "own"
print(unpickler.load())
try: pickler.other = 1
except AttributeError as e: print(e)
