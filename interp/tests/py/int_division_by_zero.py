# requires: 3.14
for text in ("1 / 0", "1 // 0", "1 % 0", "divmod(1, 0)", "0 ** -1", "pow(2, 3, 0)"):
    try:
        eval(text)
    except Exception as error:
        print(text, type(error).__name__, error)
