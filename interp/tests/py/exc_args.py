for e in (ValueError(), ValueError("a"), ValueError("a", 1), KeyError("k"), KeyError(), KeyError(1, 2), OSError(2, "No such file"), OSError(2, "No such file", "name"), OSError("just text"), StopIteration(5), SystemExit(3), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), ImportError("m", name="n", path="p"), AttributeError("a", name="n", obj=1), NameError("x", name="n"), SyntaxError("msg"), SyntaxError("msg", ("f", 1, 2, "text"))):
    print(type(e).__name__, str(e), repr(e), e.args)
e = OSError(2, "No such file", "name")
print(e.errno, e.strerror, e.filename, type(e).__name__, StopIteration(7).value, SystemExit(4).code, ImportError("m", name="n").name)
print(type(OSError(13, "x")).__name__, type(OSError(17, "x")).__name__, type(OSError(9999, "x")).__name__, IOError is OSError, EnvironmentError is OSError)
e = ValueError(1)
e.args = (2, 3)
print(e, e.args)
try:
    e.args = 5
except TypeError as error:
    print(error)
