s = "one two one two"
print(s.replace("one", "1"), s.replace("one", "1", 1), s.replace("", "-"), s.replace("x", "y"), s.replace("o", ""), "aaa".replace("aa", "b"), "".replace("", "x"), s.replace("two", "2", count=1))
print("abc".replace("", "-", 2), "aaa".replace("a", "b", 0), "aaa".replace("a", "b", -1))
try:
    s.replace("a", 1)
except TypeError as error:
    print(error)
