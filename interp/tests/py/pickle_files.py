# Picklers and the files they write and read.
import io, pickle
class Chunks:
    def __init__(self): self.chunks = []
    def write(self, data): self.chunks.append(bytes(data))
big = [b"x" * 100_000, "y" * 70_000, bytearray(66_000), list(range(40_000))]
for protocol in range(1, 6):
    chunks = Chunks(); pickle.dump(big, chunks, protocol)
    print(protocol, [len(c) for c in chunks.chunks], pickle.loads(b"".join(chunks.chunks)) == big)
class Reader:
    def __init__(self, data): self.file = io.BytesIO(data); self.log = []
    def read(self, n): self.log.append(n); return self.file.read(n)
    def readline(self): self.log.append("line"); return self.file.readline()
class Into(Reader):
    def readinto(self, target): self.log.append(f"into {len(target)}"); return self.file.readinto(target)
class Peeks(Reader):
    def peek(self, n): self.log.append("peek"); at = self.file.tell(); data = self.file.read(n); self.file.seek(at); return data
class NoPeek(Reader):
    def peek(self, n): raise NotImplementedError
class Views(Reader):
    def read(self, n): return memoryview(super().read(n))
value = {"a": [1, 2.5, None], "b": b"bytes", "c": "text" * 100}
for protocol in (0, 2, 4, 5):
    data = pickle.dumps(value, protocol)
    for make in (Reader, Into, Peeks, NoPeek, Views):
        file = make(data * 3 + b"rest")
        same = [pickle.load(file) == value for _ in range(2)]
        unpickler = pickle.Unpickler(file)
        print(protocol, make.__name__, same, unpickler.load() == value, len(file.log), file.file.read())
for make in (Reader, Into, Peeks):
    file = make(pickle.dumps(big, 5))
    print(make.__name__, pickle.load(file) == big, file.log)
file = io.BytesIO(); pickler = pickle.Pickler(file, 4)
for i in range(3): pickler.dump([i, value])
file.seek(0); unpickler = pickle.Unpickler(file)
print([unpickler.load()[0] for _ in range(3)])
with io.BufferedReader(io.BytesIO(pickle.dumps(value, 2) + b"after")) as file:
    print(pickle.load(file) == value, file.read())
for bad in (object(), None):
    for f in (pickle.Pickler, pickle.Unpickler, pickle.load, lambda file: pickle.dump(1, file)):
        try: f(bad)
        except TypeError as e: print(e)
class Wrong(Reader):
    def read(self, n): return "text"
for make in (Wrong,):
    try: pickle.load(make(b""))
    except TypeError as e: print(e)
class Short(Into):
    def readinto(self, target): return 1
class Negative(Into):
    def readinto(self, target): return -1
for make in (Short, Negative):
    try: pickle.load(make(pickle.dumps(b"x" * 300_000)))
    except Exception as e: print(type(e).__name__, e)
class Raises(Chunks):
    def write(self, data): raise OSError("full")
try: pickle.dump(big, Raises())
except OSError as e: print(e)
# Buffers.
views = []
data = pickle.dumps([pickle.PickleBuffer(bytearray(b"abc")), pickle.PickleBuffer(b"def")], 5, buffer_callback=views.append)
print(len(views), pickle.loads(data, buffers=iter([bytearray(b"ABC"), b"DEF"])))
print(type(pickle.loads(data, buffers=[b"x", bytearray(b"y")])[1]).__name__)
print(pickle.loads(pickle.dumps([pickle.PickleBuffer(bytearray(b"abc")), pickle.PickleBuffer(b"def")], 5, buffer_callback=lambda v: True)))
# Python 2.
print(pickle.loads(b"S'caf\\xe9'\n.", encoding="latin1"), pickle.loads(b"U\x04caf\xe9.", encoding="bytes"), pickle.loads(b"T\x03\0\0\0abc."))
print(pickle.loads(b"U\x04caf\xe9.", errors="replace"), pickle.loads(b"c__builtin__\nxrange\n."), pickle.loads(b"ccStringIO\nStringIO\n."))
try: pickle.loads(b"c__builtin__\nxrange\n.", fix_imports=False)
except ImportError as e: print(e)
print(pickle.dumps(range, 2), pickle.dumps(range, 2, fix_imports=False), pickle.dumps(range, 3))
class Old:
    def __init__(self, *args): self.args = args
name = __name__.encode()
print(pickle.loads(b"(i" + name + b"\nOld\n.").__dict__, pickle.loads(b"(I1\nI2\ni" + name + b"\nOld\n.").args, pickle.loads(b"(c" + name + b"\nOld\nI3\no.").args)
print(pickle.loads(b"I01\n."), pickle.loads(b"I1\n."), pickle.loads(b"L5L\n."), pickle.loads(b"L-6\n."), pickle.loads(b"F1e3\n."), pickle.loads(b"V\\u20ac\n."))
print(pickle.loads(bytearray(b"K\x05.")), pickle.loads(memoryview(b"xK\x06.")[1:]))
