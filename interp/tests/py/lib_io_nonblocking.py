# What a pipe does not take stays in the buffer; threads that share a buffered stream lose nothing.
import io
import os
import threading

r, w = os.pipe()
os.set_blocking(w, False)
os.set_blocking(r, False)
raw = io.FileIO(w, "w", closefd=False)
while raw.write(b"x" * 4096) is not None:
    pass
print(raw.write(b"more"))
buffered = io.BufferedWriter(raw, 16)
print(buffered.write(b"0123456789"), buffered.write(b"abcd"))
try:
    buffered.write(b"ABCDEF")
except BlockingIOError as e:
    print(e, e.errno == 11, e.characters_written)
try:
    buffered.flush()
except BlockingIOError as e:
    print(e.characters_written)
reader = io.FileIO(r, closefd=False)
taken = b""
while (part := reader.read(65536)) is not None:
    taken += part
buffered.flush()
source = io.BufferedReader(reader, 64)
print(set(taken), reader.read(100), reader.read(5), source.read(3))

os.set_blocking(w, True)
os.set_blocking(r, True)
N = 4000
sink = io.BufferedWriter(raw, 100)
got = []


def feed(part):
    for i in range(N // 4):
        sink.write(b"%07d\n" % (part * N + i))


def drain():
    while True:
        record = source.read(8)
        if record == b"the end\n" or not record:
            return
        got.append(record)


readers = [threading.Thread(target=drain) for _ in range(3)]
writers = [threading.Thread(target=feed, args=(part,)) for part in range(4)]
for t in readers + writers:
    t.start()
for t in writers:
    t.join()
for _ in readers:
    sink.write(b"the end\n")
    sink.flush()
for t in readers:
    t.join()
print(len(got), sorted(got) == sorted(b"%07d\n" % (part * N + i) for part in range(4) for i in range(N // 4)))
