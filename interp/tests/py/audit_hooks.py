# Audit hooks: what they are told, in order, and how they keep things from happening.
import os
import socket
import sys
import tempfile

log = []
off = False


def hook(event, args):
    if off:
        return
    if event.startswith(("test.", "os.", "socket.", "open", "compile", "exec", "import", "sys.add", "builtins.input")):
        log.append((event, args))
    if event == "test.refuse":
        raise PermissionError("refused")


sys.addaudithook(hook)
sys.audit("test.own", 1, "two")
print(log)
log.clear()
try:
    sys.audit("test.refuse")
except PermissionError as error:
    print(error)
log.clear()


def first(event):
    return next((args for name, args in log if name == event), None)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a")
    log.clear()
    open(path, "w").close()
    print(first("open")[0] == path, first("open")[1])
    os.rename(path, path + "b")
    print([os.path.basename(str(a)) for a in first("os.rename")])
    os.mkdir(path)
    print(first("os.mkdir")[1:])
    os.listdir(folder)
    os.remove(path + "b")
    os.rmdir(path)
    os.chmod(folder, 0o700)
    os.putenv("TAIPAN_TEST", "1")
    print([name for name, _ in log if name.startswith("os.")])
    log.clear()
code = compile("1 + 1", "<mine>", "eval")
print(first("compile"))
print(eval(code), first("exec")[0] is code)
log.clear()
exec("x = 1")
print([name for name, _ in log])
log.clear()
import colorsys
print(first("import")[0])
log.clear()
s = socket.socket()
s.bind(("127.0.0.1", 0))
print([name for name, _ in log if name.startswith("socket.")], first("socket.bind")[1])
s.close()
log.clear()


def late(event, args):
    raise RuntimeError("never called")


def guard(event, args):
    if event == "sys.addaudithook" and not off:
        raise RuntimeError("no more hooks")


sys.addaudithook(guard)
sys.addaudithook(late)
off = True
sys.audit("test.end")
print("late was kept away")
