for text in ("0", " 12 ", "-12", "+7", "1_000", "0x1f", "0b101", "0o17"):
    print(repr(text), int(text, 0))
print(int("ff", 16), int("zz", 36), int("0b11", 2), int("-0x10", 16), int("077"), int("\u0661\u0662"))
for args in (("",), ("1__0",), ("_1",), ("12a",), ("09", 0), ("2", 2), ("1", 1), ("1", 37), ("1.5",), (b"12x",), (12, 10), (None,), ([],)):
    try:
        print(int(*args))
    except Exception as error:
        print(args, type(error).__name__, error)
print(int(b"42"), int(bytearray(b"17"), 8), int(), int(3.99), int(-3.99))
