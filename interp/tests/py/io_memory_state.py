import copy, io, pickle
b = io.BytesIO(b"abcdef")
b.seek(3)
b.mark = 1
s = io.StringIO("abcdef\n", newline="\r\n")
s.seek(2)
for f in (b, s):
    print(f.__getstate__())
    for made in (copy.copy(f), pickle.loads(pickle.dumps(f))):
        print(made.tell(), repr(made.read()), repr(made.getvalue()), vars(made))
try:
    io.BytesIO().__setstate__((b"", -1, None))
except ValueError as e:
    print(e)
try:
    io.StringIO().__setstate__((1, 2))
except TypeError as e:
    print(e)
