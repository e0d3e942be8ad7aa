s = "  \t hi there \n"
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), repr("xxhixx".strip("x")), repr("abcba".strip("ab")), repr("".strip()), repr("aaa".strip("a")))
print("www.example.com".lstrip("w."), "mississippi".rstrip("ip"), repr("\u3000x\u2003".strip()), "x".strip(None))
print("prefix-body".removeprefix("prefix-"), "body.py".removesuffix(".py"), "a".removeprefix("b"), repr("x".removesuffix("")))
try:
    "a".strip(1)
except TypeError as error:
    print(error)
