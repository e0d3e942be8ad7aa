for spec in ("", "10", "<10", ">10", "^10", "*^10", ".2", "10.2", "s", "-^9s", "é>6"):
    print(repr(spec), repr(format("hello", spec)))
for spec in ("d", "=10", "+", ",", "f", "#", "z", "05"):
    try:
        print(repr(format("hi", spec)))
    except ValueError as error:
        print(error)
try:
    format(object(), "x")
except TypeError as error:
    print(error)
print(format(None, ""), format([1], ""), format(5))
