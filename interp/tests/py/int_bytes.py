print((1000).to_bytes(2, "big"), (1000).to_bytes(4, "little"), (-1).to_bytes(3, "big", signed=True))
print((255).to_bytes(), int.from_bytes(b"\xff"), int.from_bytes(b"\xff", signed=True))
print(int.from_bytes(b"\x01\x02\x03", "little"), int.from_bytes([1, 2], "big"), int.from_bytes(b"", "big"))
print((2 ** 80).to_bytes(11, "big").hex(), int.from_bytes((2 ** 80 + 5).to_bytes(11, "little"), "little"))
for call in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(1, "middle"), lambda: (1).to_bytes(-1, "big")):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
