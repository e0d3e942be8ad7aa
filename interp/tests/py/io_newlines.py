# The attribute `newlines` of text streams: the line ends met so far.
import io

for data in (b"", b"a", b"a\n", b"a\r\nb", b"a\rb", b"a\nb\r\nc\rd", b"a\r"):
    for newline in (None, "", "\n"):
        f = io.TextIOWrapper(io.BytesIO(data), encoding="ascii", newline=newline)
        before = f.newlines
        text = f.read()
        print(data, repr(newline), repr(text), before, repr(f.newlines))

f = io.TextIOWrapper(io.BytesIO(b"a\nb\r\nc\r"), encoding="ascii")
f._CHUNK_SIZE = 1
while line := f.readline():
    print(repr(line))
print(repr(f.newlines))

for newline in (None, "", "\n", "\r\n"):
    s = io.StringIO("a\r\nb\n", newline=newline)
    s.write("c\r")
    print(repr(newline), repr(s.getvalue()), repr(s.newlines))

d = io.IncrementalNewlineDecoder(None, translate=True)
print(repr(d.decode("a\r")), d.getstate(), d.newlines)
print(repr(d.decode("\nb")), d.getstate(), repr(d.newlines))
d.setstate((b"", 1))
print(repr(d.decode("c", final=True)), d.newlines)
d.reset()
print(d.newlines)
