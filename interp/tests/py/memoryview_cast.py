m = memoryview(bytes(range(16)))
h = m.cast("H")
print(h.tolist(), h.itemsize, h.format, len(h), h.shape, m.cast("B", (4, 4)).shape, m.cast("I")[1], m.cast("B", (4, 4)).tolist(), m.cast("B", (4, 4))[1, 2])
import array
a = array.array("i", [1, 2, 3])
v = memoryview(a)
v[1] = 20
print(a, v.tolist(), v.format, v.itemsize)
try:
    m.cast("Z")
except ValueError as error:
    print(error)
