# requires: 3.14
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 0.0 % -1)
print(2.0 ** 0.5, (-8.0) ** 3, 2 ** 0.5 * 2 ** 0.5, 1e308 * 10, -1e308 * 10, 5.0 // 0.3)
print(0.0 == -0.0, -0.0 + 0.0, 0.0 * -1, 1e-320 / 10, 3 - 0.1, 3.0 + True)
for text in ("1.0 / 0", "1.0 // 0", "1.0 % 0", "0.0 ** -1", "1e300 ** 2", "divmod(1.0, 0)"):
    try:
        print(eval(text))
    except Exception as error:
        print(text, type(error).__name__, error)
