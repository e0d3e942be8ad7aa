# What reads into a buffer fills its bytes, whatever its items are, and refuses what cannot be written.
import array
import io
import os
import socket
import tempfile

with tempfile.TemporaryFile(buffering=0) as raw:
    raw.write(bytes(range(16)))
    raw.seek(0)
    items = array.array("I", [0, 0])
    print(raw.readinto(items), [hex(i) for i in items])
    view = memoryview(bytearray(6))[2:5]
    print(raw.readinto(view), bytes(view), raw.tell())
    try:
        raw.readinto(memoryview(bytearray(2)).toreadonly())
    except TypeError as e:
        print(e)
    raw.seek(0)
    buffered = io.BufferedReader(raw)
    print(buffered.readinto(items), buffered.readinto1(view), bytes(view))
    for target in (b"abc", "text", 5):
        try:
            buffered.readinto(target)
        except TypeError as e:
            print(e)
    buffered.detach()

halves = array.array("H", [0] * 3)
print(io.BytesIO(b"abcde").readinto(halves), halves.tobytes())
left, right = socket.socketpair()
left.send(b"hello")
print(right.recv_into(halves), halves.tobytes(), halves.itemsize)
r, w = os.pipe()
os.write(w, b"0123456789")
print(os.readv(r, [halves, bytearray(2)]), halves.tobytes())


class Reader(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, b):
        b[:2] = b"xy"
        return 2


print(io.BufferedReader(Reader()).peek(2)[:2], Reader().read(5))
