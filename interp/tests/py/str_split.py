s = " a b  c "
print(s.split(), s.split(" "), s.split(None, 1), s.split(" ", 2), s.split("b"), "".split(), "".split(","), "a,b,".split(","))
print(s.rsplit(), s.rsplit(None, 1), s.rsplit(" ", 2), "a.b.c".rsplit(".", 1), "a--b--c".split("--"), "abc".split(sep="b", maxsplit=0))
print("a\nb\r\nc\rd\x0be\x1cf\x85g\u2028h".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines())
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
for call in (lambda: s.split(""), lambda: s.partition(""), lambda: s.split(1), lambda: s.split("a", "b")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
