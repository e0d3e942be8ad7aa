import io
s = io.StringIO("line1\nline2\nline3")
print(s.readline(), s.read(3), s.tell(), s.seek(0), list(s), s.getvalue()[:5])
s.seek(0, 2); print(s.write("!"), s.getvalue()[-2:], s.truncate(3), s.getvalue())
b = io.BytesIO(b"abc"); print(b.read(1), b.getvalue(), b.getbuffer()[1], b.seek(-1, 2), b.read(), b.readinto(bytearray(2)))
t = io.TextIOWrapper(io.BytesIO(b"h\xc3\xa9\r\nx"), encoding="utf-8"); print(repr(t.read()))
r = io.BufferedReader(io.BytesIO(b"0123456789")); print(r.peek(2)[:2], r.read(3), r.read1(2), r.readline())
w = io.BytesIO(); x = io.TextIOWrapper(w, encoding="utf-16-le", newline="\r\n"); x.write("a\n"); x.flush(); print(w.getvalue())
with io.StringIO() as c: pass
for call in (lambda: c.read(), lambda: io.BytesIO("a"), lambda: io.StringIO(b"a"), lambda: io.StringIO().write(5), lambda: s.seek(-1), lambda: open("/nonexistent/file"), lambda: open("x", "zz"), lambda: io.BytesIO().read("a"), lambda: open("lib_io.py", "rb", encoding="utf-8")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
