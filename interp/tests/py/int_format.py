n = 1234567
for spec in ("", "d", ",", "_", "x", "X", "#x", "b", "#b", "o", "#o", "_x", "_b", "+", " ", "-", "010", "<12", ">12", "^12", "=+12", "*^12", "012,", "e", ".3f", "%", "g", "n", "c"):
    try:
        print(repr(spec), repr(format(n, spec)))
    except Exception as error:
        print(repr(spec), type(error).__name__, error)
print(format(-255, "#010x"), format(65, "c"), format(-5, "=+6"), format(2 ** 70, ","), format(True, "d"), format(True))
for spec in (".3d", "s", "z", "y", ",_", "+c", "#,x"):
    try:
        print(format(5, spec))
    except Exception as error:
        print(repr(spec), type(error).__name__, error)
