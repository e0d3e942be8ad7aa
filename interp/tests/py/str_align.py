s = "hi"
print(repr(s.center(7)), repr(s.center(8, "*")), repr(s.ljust(5, ".")), repr(s.rjust(5)), repr(s.center(1)), "42".zfill(5), "-42".zfill(5), "+7".zfill(4), "".zfill(2), "abc".center(6), "abcd".center(7))
print(repr("a\tb\tcc\td".expandtabs()), repr("a\tb".expandtabs(4)), repr("\t".expandtabs(0)), repr("ab\n\tc".expandtabs(3)))
try:
    s.center(5, "ab")
except TypeError as error:
    print(error)
