print(str.upper("abc"), list(map(str.strip, [" a ", "b "])), str.join(",", ["a", "b"]), str.__len__("abc"), "abc".__contains__("b"), "a".__add__("b"), "a".__mul__(3), "a".__eq__(1), "%s".__mod__("x"))
for call in (lambda: str.upper(1), lambda: str.upper(), lambda: "a".__add__(1), lambda: "a".upper(1), lambda: "a".nope, lambda: "a".split(x=1)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
