s = "hello"
print(s.startswith("he"), s.startswith(("x", "h")), s.startswith("l", 2), s.startswith(""), s.startswith("", 10), s.startswith("hello!", 0))
print(s.endswith("lo"), s.endswith(("x", "o")), s.endswith("l", 0, 4), s.endswith(""), s.startswith(()))
for call in (lambda: s.startswith(1), lambda: s.endswith(["o"]), lambda: s.startswith((1,))):
    try:
        call()
    except TypeError as error:
        print(error)
