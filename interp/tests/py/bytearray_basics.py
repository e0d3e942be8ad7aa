b = bytearray(b"hello")
b[0] = 72
b[1:3] = b"EEE"
b.append(33)
b.extend(b"??")
b += b"."
b.insert(0, 42)
print(b, len(b), b.pop(), b.pop(0), b)
del b[0]
del b[::2]
b.reverse()
print(b, b.copy() == b, bytes(b), bytearray(3), bytearray("é", "utf-8"), b.find(b"E"), b.upper(), b * 2)
b.remove(69)
b *= 2
print(b, b[::-1], b.hex(), b == bytes(b))
b.clear()
print(b, bool(b))
for call in (lambda: b.pop(), lambda: b.append(256), lambda: b.remove(1), lambda: b.append("a"), lambda: hash(b), lambda: b.extend("ab"), lambda: b.__setitem__(0, 1), lambda: b.extend([300])):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
