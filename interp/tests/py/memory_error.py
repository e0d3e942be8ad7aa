# Sizes nobody has are refused, the program goes on.
for call in (lambda: [0] * (2 ** 60), lambda: "x" * (2 ** 62), lambda: bytearray(2 ** 62), lambda: bytes(2 ** 62), lambda: (1,) * (2 ** 60), lambda: b"ab" * (2 ** 62), lambda: [0] * (2 ** 70), lambda: "ab" * (2 ** 63)):
    try:
        call()
        print("made")
    except (MemoryError, OverflowError) as error:
        print(type(error).__name__)
