print((0.5).as_integer_ratio(), (3.0).is_integer(), (3.5).is_integer(), (1.25).hex(), (-0.1).hex(), (0.0).hex(), float("inf").hex())
print(float.fromhex("0x1.8p3"), float.fromhex("-0x.1p-2"), float.fromhex("1"), float.fromhex("inf"), float.fromhex("0x1.999999999999ap-4"))
print((2.5).conjugate(), (2.5).real, (2.5).imag, (2.7).__trunc__(), (2.2).__ceil__(), (-2.2).__floor__())
for call in (lambda: float("inf").as_integer_ratio(), lambda: float("nan").as_integer_ratio(), lambda: float.fromhex("zz")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
print((0.1).as_integer_ratio(), (1e300).as_integer_ratio()[1])
