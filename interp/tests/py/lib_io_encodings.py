# Byte order marks come once, whatever is written in how many pieces; positions, settings and errors of text streams.
import io
import os
import tempfile

path = os.path.join(tempfile.mkdtemp(), "f")
for encoding in ("utf-16", "utf-8-sig", "utf-32", "utf-8", "cp1252", "utf-16-be"):
    with open(path, "w", encoding=encoding) as f:
        f.write("one\n")
        f.write("two\n")
        f.flush()
        f.write("é")
    with open(path, "a", encoding=encoding) as f:
        f.write("end")
    with open(path, "r+", encoding=encoding) as f:
        f.seek(0)
        f.write("O")
        first = f.seek(0), f.read(2), f.tell()
    with open(path, encoding=encoding) as f:
        f.readline()
        at = f.tell()
        rest = f.read()
        f.seek(at)
        print(encoding, first[:2], f.read() == rest, rest.encode("unicode_escape"))
    print(open(path, "rb").read()[:12])


def shown(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


with open(path) as f:
    print(shown(f.write, "x"))
with open(path, "w") as f:
    print(shown(f.read))
with open(path, "rb") as f:
    print(shown(f.write, b"x"))
print(shown(io.TextIOWrapper, io.BytesIO(), encoding="hex"), shown(io.TextIOWrapper, io.BytesIO(), encoding="nope"))
f = io.TextIOWrapper(io.BytesIO(b"a\nb\n"), encoding="utf-8")
print(f.reconfigure(encoding="utf-16"), f.encoding, f.errors, f.reconfigure(encoding="ascii", errors="replace"), f.readline())
print(shown(f.reconfigure, encoding="utf-8"), shown(f.reconfigure, newline="\n"), shown(f.reconfigure, errors=5))
raw = f.detach()
print(f, shown(f.read))
print(repr(raw)[:16], repr(io.BufferedReader(io.FileIO(path))).replace(path, "f"), repr(io.FileIO(path, "a+")).replace(path, "f"))


class Mine(io.StringIO):
    pass


import copy
import pickle

s = Mine("a\r\nb", newline=None)
s.extra = 5
s.read(1)
for t in (copy.copy(s), pickle.loads(pickle.dumps(s))):
    print(t.read(), t.extra, t.getvalue(), t.__getstate__())
b = io.BytesIO(b"bytes")
b.seek(2)
print(copy.copy(b).read(), b.__getstate__(), shown(b.__setstate__, 5), shown(b.__setstate__, (b"", -1, None)))
for stream in (open(path), open(path, "rb"), open(path, "rb", 0)):
    print(shown(pickle.dumps, stream), shown(copy.copy, stream))


class Failing(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        raise OSError("write")

    def close(self):
        if not self.closed:
            super().close()
            raise ValueError("close")


w = io.BufferedWriter(Failing())
w.write(b"x")
try:
    w.close()
except ValueError as e:
    print(e, repr(e.__context__))

# Positions in files with other line ends, pieces that end between their parts, and encodings that need a decoder.
for encoding in ("utf-8", "utf-16", "cp1252"):
    for newline in (None, "", "\r\n"):
        data = "".join(f"line {i}é\r\n" for i in range(3000)) + "lone\rend"
        with open(path, "w", encoding=encoding, newline="") as f:
            f.write(data)
        with open(path, encoding=encoding, newline=newline) as f:
            places = []
            while True:
                at = f.tell()
                line = f.readline()
                if not line:
                    break
                places.append((at, line))
            wrong = 0
            for at, line in places[::-7]:
                f.seek(at)
                wrong += f.readline() != line
            print(encoding, repr(newline), len(places), places[-1][1:], wrong, f.newlines)
