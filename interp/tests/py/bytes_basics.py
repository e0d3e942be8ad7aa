b = bytes([104, 105])
print(b, b[0], b[:1], b + b"!", b * 2, len(b), 104 in b, b"i" in b, list(b), b == b"hi", b != b"ho", b < b"ho", hash(b) == hash(b"hi"), bytes(3), bytes("é", "utf-8"), bytes(b"x"), bytes(), bytes(range(3)))
print(repr(b"\x00\x7f\xff'\"\n\t\\"), b"it's", b'"', b.hex(), b"\x01\x02\xff".hex(":"), b"\x01\x02\x03\x04\x05".hex("-", 2), bytes.fromhex("01 ff 7E"), b"abc".hex(" ", -2))
for call in (lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes("a"), lambda: bytes(-1), lambda: b"a" + "a", lambda: b"a"[5], lambda: bytes.fromhex("zz"), lambda: bytes.fromhex("abc"), lambda: bytes(1.5), lambda: bytes(["a"]), lambda: 256 in b, lambda: "a" in b, lambda: b"a" < "a"):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
