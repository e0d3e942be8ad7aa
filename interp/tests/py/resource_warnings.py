# What dies open warns.
import gc
import os
import socket
import tempfile
import warnings

folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")
with open(path, "w") as f:
    f.write("text")


def leave_text():
    open(path)


def leave_binary():
    open(path, "rb")


def leave_raw():
    open(path, "rb", buffering=0)


def leave_socket():
    socket.socket()


def leave_scan():
    next(os.scandir(folder))


def keep_closed():
    with open(path) as f, socket.socket() as s, os.scandir(folder) as it:
        pass
    list(os.scandir(folder))
    open(path).close()


def leave_lent():
    fd = os.open(path, os.O_RDONLY)
    open(fd, closefd=False)
    os.close(fd)


for leave in (leave_text, leave_binary, leave_raw, leave_socket, leave_scan, keep_closed, leave_lent):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        leave()
        for _ in range(3):
            gc.collect()
    found = [str(w.message).split(" ")[:3] for w in caught if w.category is ResourceWarning]
    print(leave.__name__, [" ".join(words[:2]) for words in found])
os.remove(path)
os.rmdir(folder)
