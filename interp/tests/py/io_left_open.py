"""Files and sockets that are left open are closed when they die, with what they have buffered."""
import gc
import io
import os
import socket
import subprocess
import sys
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")


def content():
    with open(path) as f:
        return f.read()


f = open(path, "w")
f.write("text")
del f
gc.collect()
print(content())

f = open(path, "wb")
f.write(b"bytes")
del f
gc.collect()
print(content())

before = len(os.listdir("/proc/self/fd"))
for _ in range(1000):
    open(path)
sockets = [socket.socket() for _ in range(20)]
del sockets
gc.collect()
print(len(os.listdir("/proc/self/fd")) <= before)


class Raw(io.RawIOBase):
    def close(self):
        if not self.closed:
            print("closed")
        super().close()


Raw()
gc.collect()


class Last:
    def __init__(self):
        self.file = open(path, "w")

    def __del__(self):
        self.file.write("written by __del__")


last = Last()
del last
gc.collect()
print(content())

kept = open(path, "w")
kept.write("detached")
buffer = kept.detach()
del kept
gc.collect()
buffer.write(b" and closed")
del buffer
gc.collect()
print(content())


def run(code):
    result = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    print(result.returncode, result.stdout.splitlines(), content())


PROGRAM = """
import sys
class A:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("end of", helper(self.name))
def helper(name):
    return name.upper()
def generator():
    try:
        yield
    finally:
        print("end of generator")
f = open(sys.argv[1], "w")
f.write("%s")
a = A("a")
g = generator()
next(g)
print("end of program")
%s
"""
run(PROGRAM % ("left open", ""))
run(PROGRAM % ("left open by a failing program", "1 / 0"))
run(PROGRAM % ("left open at exit", "sys.exit(3)"))
