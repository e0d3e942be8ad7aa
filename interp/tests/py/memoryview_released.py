m = memoryview(b"abc")
h = hash(m)
m.release()
print(hash(m) == h, m == b"abc", m != m, m == m)
m = memoryview(bytearray(b"abcd"))
for key in ((0,), (slice(1), 0), (slice(1), slice(2)), "a"):
    try:
        m[key] = b"x"
    except (TypeError, NotImplementedError) as e:
        print(type(e).__name__)
class Lends:
    def __buffer__(self, flags):
        print("lent")
        return memoryview(b"lent")
    def __release_buffer__(self, view):
        print("back", bytes(view))
        view.release()
with memoryview(Lends()) as m:
    print(bytes(m))
print(bytes(Lends()), float(memoryview(b" 12.5 ")))
