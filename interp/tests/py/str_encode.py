s = "héllo €"
print(s.encode(), s.encode("utf-8"), s.encode("utf-16-le"), s.encode("utf-32-be"), s.encode("latin-1", "replace"), s.encode("ascii", "ignore"))
print(s.encode("ascii", "xmlcharrefreplace"), s.encode("ascii", "backslashreplace"), s.encode("ascii", "namereplace"), "é".encode("cp1252"), "\ud800".encode("utf-8", "surrogatepass"), "\udc80".encode("utf-8", "surrogateescape"))
for args in (("ascii",), ("latin-1",), ("nope",), ("utf-8", "nope")):
    try:
        print("€x\ud800".encode(*args))
    except Exception as error:
        print(type(error).__name__, error)
