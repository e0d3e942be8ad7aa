# Exceptions that nobody can handle go to sys.unraisablehook.
import gc
import io
import contextlib
import sys
import threading
import weakref

seen = []


def hook(info):
    seen.append((info.exc_type.__name__, str(info.exc_value), info.exc_traceback is not None))


class Dies:
    def __del__(self):
        raise ValueError("in __del__")


class Target:
    pass


def make():
    Dies()


def callback(ref):
    raise KeyError("in a callback")


def refer():
    target = Target()
    return weakref.ref(target, callback)


def make_generator():
    def gen():
        try:
            yield
        finally:
            raise OSError("while closing")
    next(gen())


sys.unraisablehook = hook
make()
ref = refer()
make_generator()
for _ in range(3):
    gc.collect()
print(sorted(seen))

# The default one prints; one that fails itself is reported.
sys.unraisablehook = sys.__unraisablehook__
out = io.StringIO()
with contextlib.redirect_stderr(out):
    make()
    gc.collect()
    gc.collect()
lines = out.getvalue().splitlines()
print(lines[0].startswith("Exception ignored"), lines[-1])


def broken(info):
    raise RuntimeError("hook failed")


sys.unraisablehook = broken
out = io.StringIO()
with contextlib.redirect_stderr(out):
    make()
    gc.collect()
    gc.collect()
print("hook failed" in out.getvalue(), "sys.unraisablehook" in out.getvalue())
sys.unraisablehook = sys.__unraisablehook__

# Threads have a hook of their own.
threading.excepthook = lambda args: print("thread:", args.exc_type.__name__, args.thread.name)
t = threading.Thread(target=lambda: 1 / 0, name="fails")
t.start()
t.join()
