b = b" Hello, World "
print(b.strip(), b.lstrip(), b.rstrip(), b.upper(), b.lower(), b.title(), b.swapcase(), b.capitalize(), b.split(), b.split(b","), b.replace(b"l", b"L"), b.find(b"o"), b.rfind(b"o"), b.find(108), b.count(b"l"), b.count(108), b.index(b"W"))
print(b.startswith(b" H"), b.endswith((b"x", b" ")), b.partition(b","), b.rpartition(b"o"), b",".join([b"a", b"b"]), b.center(20, b"*"), b"7".zfill(3), b"a\tb".expandtabs(4), b"abc".translate(bytes.maketrans(b"ab", b"xy"), b"c"), b"a\nb\r\n".splitlines(), b"xay".removeprefix(b"x").removesuffix(b"y"), b"a b".rsplit(None, 1), b"ab".ljust(4, b"."), b"ab".rjust(4))
print(b"abc".isalpha(), b"1".isdigit(), b"a1".isalnum(), b" ".isspace(), b"A".isupper(), b"a".islower(), b"Ab Cd".istitle(), b"\x80".isascii())
for call in (lambda: b.find("o"), lambda: b.split(""), lambda: b.split(b""), lambda: b",".join(["a"]), lambda: b.index(b"zz"), lambda: b.replace("a", "b"), lambda: b.startswith("a")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
