# Buffers that are pickled out of band (PEP 574).
import pickle, weakref
from pickle import PickleBuffer
data = bytearray(b"abcdefgh")
buffer = PickleBuffer(data)
print(bytes(buffer), memoryview(buffer).readonly, memoryview(PickleBuffer(b"x")).readonly)
with buffer.raw() as raw:
    raw[0] = 90
    print(raw.format, raw.nbytes, raw.contiguous)
print(data)
wide = memoryview(bytearray(range(16))).cast("i", (2, 2))
with PickleBuffer(wide).raw() as raw:
    print(raw.ndim, raw.format, raw.nbytes, raw.tobytes() == wide.tobytes())
print(weakref.ref(buffer)() is buffer, PickleBuffer.__module__, PickleBuffer.__name__)
class Owner:
    def __init__(self, data): self.data = data
    def __reduce_ex__(self, protocol):
        return type(self), (PickleBuffer(self.data),) if protocol >= 5 else (bytes(self.data),)
buffers = []
text = pickle.dumps(Owner(data), protocol=5, buffer_callback=buffers.append)
print(len(buffers), pickle.loads(text, buffers=buffers).data is not None)
shared = pickle.loads(text, buffers=[data]).data
data[1] = 33
print(bytes(shared) == bytes(data))
for source in (data, bytes(data)):
    copy = pickle.loads(pickle.dumps(Owner(source), protocol=5)).data
    print(type(copy).__name__, copy == source)
buffer.release()
buffer.release()
def attempt(f):
    try:
        f()
    except Exception as error:
        print(type(error).__name__, error)
attempt(buffer.raw)
attempt(lambda: memoryview(buffer))
attempt(lambda: PickleBuffer("text"))
attempt(lambda: PickleBuffer(memoryview(b"abcdef")[::2]).raw())
attempt(lambda: pickle.dumps(PickleBuffer(b"abc"), protocol=4))
class Kept(bytes): pass
kept = Kept(b"kept")
print(memoryview(kept).obj is kept, memoryview(PickleBuffer(kept)).obj is kept, memoryview(memoryview(PickleBuffer(data))).obj is data)
