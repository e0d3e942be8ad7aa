s = "".join(chr(0x100 + i % 500) + ("x" if i % 3 else "\U0001f40d") for i in range(3000))
print(len(s), sum(ord(s[i]) for i in range(0, len(s), 7)), sum(ord(c) for c in s), s[4321] == list(s)[4321], s[-17:-10] == "".join(list(s)[-17:-10]))
