# What subclasses and instances of picklers can change.
import copyreg, io, pickle
class P:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"P({self.x!r})"
def dumped(make, value, protocol=4):
    file = io.BytesIO()
    pickler = make(file, protocol)
    pickler.dump(value)
    return file.getvalue()
class WithIds(pickle.Pickler):
    def persistent_id(self, obj):
        return f"id-{obj.x}" if isinstance(obj, P) else None
class Finds(pickle.Unpickler):
    def persistent_load(self, pid): return "found " + pid
for protocol in range(6):
    data = dumped(WithIds, [P(1), "two", P(3)], protocol)
    print(Finds(io.BytesIO(data)).load())
class Calls(WithIds):
    def persistent_id(self, obj): return super().persistent_id(obj)
print(Finds(io.BytesIO(dumped(Calls, P("super")))).load())
class Odd(pickle.Pickler):
    def persistent_id(self, obj): return "\u00e9" if obj == 1 else None
try: dumped(Odd, 1, 0)
except pickle.PicklingError as e: print(e)
try: pickle.loads(b"Pabc\n.")
except pickle.UnpicklingError as e: print(e)
# Tables of reducers.
def reduce_p(p): return str, (f"reduced {p.x}",)
class Own(pickle.Pickler): dispatch_table = {P: reduce_p}
print(pickle.loads(dumped(Own, P(1))))
file = io.BytesIO()
pickler = pickle.Pickler(file)
try: pickler.dispatch_table
except AttributeError: print("no table")
pickler.dispatch_table = copyreg.dispatch_table.copy()
pickler.dispatch_table[P] = reduce_p
pickler.dump((P(2), 1j)); print(pickle.loads(file.getvalue()))
class Mapping:
    def __getitem__(self, cls):
        if cls is P: return reduce_p
        raise KeyError(cls)
pickler = pickle.Pickler(file := io.BytesIO()); pickler.dispatch_table = Mapping()
pickler.dump([P(3), range(2)]); print(pickle.loads(file.getvalue()))
copyreg.pickle(P, reduce_p)
print(pickle.loads(pickle.dumps(P(4)))); del copyreg.dispatch_table[P]
class Overrides(pickle.Pickler):
    def reducer_override(self, obj):
        if isinstance(obj, P): return reduce_p(obj)
        if obj is dict: return "list"
        return NotImplemented
class Falls(pickle.Pickler):
    def reducer_override(self, obj): return NotImplemented
print(pickle.loads(dumped(Overrides, [P(5), {1}, int])), pickle.loads(dumped(Falls, P(6))))
try: dumped(Overrides, dict)
except pickle.PicklingError as e: print(str(e)[:28])
# Finding globals.
class Limited(pickle.Unpickler):
    def find_class(self, module, name):
        if name == "P": return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is forbidden")
for value in (P(7), print):
    for protocol in (0, 2, 4):
        try: print(Limited(io.BytesIO(pickle.dumps(value, protocol, fix_imports=False))).load())
        except pickle.UnpicklingError as e: print(e)
# Memos.
file = io.BytesIO(); pickler = pickle.Pickler(file, 2); value = ["a", "b"]
sizes = []
for clear in (False, False, True, False):
    if clear: pickler.clear_memo()
    at = file.tell(); pickler.dump(value); sizes.append(file.tell() - at)
print(sizes, sorted(n for n, _ in pickler.memo.copy().values()))
other = pickle.Pickler(second := io.BytesIO(), 2); other.memo = pickler.memo; other.dump(value); print(len(second.getvalue()))
other.memo = {id(value): (3, value)}; other.dump([value]); print(second.getvalue()[-12:])
other.memo.clear(); print(len(other.memo.copy()))
for bad in (5, {1: 2}, {1: ("x", 1)}):
    try: other.memo = bad
    except TypeError as e: print("TypeError")
file.seek(0); unpickler = pickle.Unpickler(file)
first = unpickler.load(); print(unpickler.load() is first, unpickler.memo.copy())
fresh = pickle.Unpickler(io.BytesIO(b"h\x00.")); fresh.memo = unpickler.memo; print(fresh.load() is first)
for bad in (5, {"a": 1}, {-1: 2}):
    try: fresh.memo = bad
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
unpickler.memo.clear(); print(unpickler.memo.copy())
# Without a memo.
file = io.BytesIO(); pickler = pickle.Pickler(file, 2); pickler.fast = True
pickler.dump([value, value, P(1)]); print(pickle.loads(file.getvalue()), pickler.fast, pickler.bin)
circle = []; circle.append(circle)
try: pickler.dump(circle)
except ValueError as e: print(str(e)[:50])
