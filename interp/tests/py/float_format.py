x = 1234.56789
for spec in ("", "f", ".2f", "e", ".3e", "E", "g", ".3g", "G", "%", ".1%", ",", ",.2f", "_.1f", "+.1f", " .1f", "012.2f", "<12.2f", "^12.2f", "*>12.2f", "=+12.1f", ".0f", "#.0f", "#g", "n", ".10", "10", "z.1f"):
    print(repr(spec), repr(format(x, spec)), repr(format(-x, spec)))
print(format(0.0, "e"), format(1e-10, "g"), format(1e10, "g"), format(123456789.0, "g"), format(1e16, ""), format(-0.01, "z.1f"))
print(format(float("inf"), "f"), format(float("nan"), "08.2f"), format(float("-inf"), "F"), format(float("inf"), "010"))
for spec in ("d", "x", "s", "c"):
    try:
        format(x, spec)
    except Exception as error:
        print(type(error).__name__, error)
