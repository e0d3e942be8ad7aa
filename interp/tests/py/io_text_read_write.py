# Text streams that are read and written in turn, and buffers that give other bytes-like objects.
import io
import socket
import tempfile

a, b = socket.socketpair()
f, g = a.makefile("rw"), b.makefile("rw")
g.write("one\ntwo\n")
g.flush()
print(repr(f.readline()))
f.write("answer\n")
f.flush()
print(repr(f.readline()), repr(g.readline()))
g.write("three\n")
g.flush()
f.write("more\n")
f.flush()
print(repr(f.readline()), repr(g.readline()))

f = io.TextIOWrapper(io.BufferedRWPair(io.BytesIO(b"foo\nbar\n"), out := io.BytesIO()))
print(repr(f.readline()), f.write("written"), repr(f.readline()))
f.flush()
print(out.getvalue())

with tempfile.TemporaryFile("w+") as f:
    f.write("abc\ndef\nghi\n")
    f.seek(0)
    print(repr(f.readline()))
    f.write("X")
    f.flush()
    print(repr(f.read()))
    f.seek(4)
    print(repr(f.read(2)), f.tell())
    f.seek(f.tell())
    f.write("Y")
    f.seek(0)
    print(repr(f.read()))


class Views(io.BytesIO):
    def read1(self, n=-1):
        return memoryview(super().read1(n))

    def read(self, n=-1):
        return bytearray(super().read(n))


f = io.TextIOWrapper(Views("a\u00e9\nb\n".encode()), encoding="utf-8")
print(ascii(f.readline()), ascii(f.read()))


class Wrong(io.BytesIO):
    def read1(self, n=-1):
        return "text"


try:
    io.TextIOWrapper(Wrong(b"x"), encoding="utf-8").readline()
except TypeError as e:
    print(e)
