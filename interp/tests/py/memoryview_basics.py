data = bytearray(b"abcdef")
m = memoryview(data)
print(m[0], m[-1], bytes(m[1:3]), len(m), m.tolist(), m.nbytes, m.itemsize, m.format, m.readonly, m.shape, m.ndim, m.contiguous)
m[0] = 65
m[1:3] = b"BC"
print(data, m == data, m[::2].tobytes(), m[::-1].tolist(), m.hex(), 65 in m)
m.release()
data.append(1)
print(data)
try:
    m[0]
except ValueError as error:
    print(error)
r = memoryview(b"ro")
try:
    r[0] = 1
except TypeError as error:
    print(error)
with memoryview(b"xyz") as v:
    print(v.tobytes(), v.obj, hash(v) == hash(b"xyz"), v.cast("B")[1])
try:
    memoryview("a")
except TypeError as error:
    print(error)
