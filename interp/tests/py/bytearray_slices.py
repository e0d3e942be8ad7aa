b = bytearray(range(10))
b[2:5] = b""
print(list(b))
b[::2] = bytes([100, 101, 102, 103])
print(list(b))
try:
    b[::2] = b"xy"
except ValueError as error:
    print(error)
b[1:1] = [1, 2, 3]
print(list(b), list(b[-3:]), b[3:1])
b[:] = b"new"
print(b, b.take_bytes if hasattr(b, "take_bytes") and False else "")
