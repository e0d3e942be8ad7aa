for text in ("1.5", " 2 ", "1e3", ".5", "5.", "-1.5E-3", "inf", "-Infinity", "nan", "1_0.0_1", "+3"):
    print(repr(text), float(text))
for value in ("", "1.5.2", "e5", "1e", "0x10", "1__0", "_1", "one", None, [], b"1.5", b"x"):
    try:
        print(float(value))
    except Exception as error:
        print(repr(value), type(error).__name__, error)
print(float(), float(10 ** 22), float(True))
try:
    float(10 ** 400)
except OverflowError as error:
    print(error)
