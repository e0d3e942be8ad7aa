# The calls of the running thread, on request.
import faulthandler
import os
import sys


def inner(file):
    faulthandler.dump_traceback(file, all_threads=False)


def outer(file):
    inner(file)


r, w = os.pipe()
outer(w)
with open(w, "w") as f:
    outer(f)
text = os.read(r, 10000).decode()
print(text.replace(os.path.abspath(__file__), "FILE").replace(__file__, "FILE"), end="")
print(faulthandler.is_enabled(), faulthandler.enable(sys.stdout), faulthandler.is_enabled(), faulthandler.disable(), faulthandler.disable())
try:
    faulthandler.dump_traceback_later(0)
except ValueError as e:
    print(e)
print(faulthandler.dump_traceback_later(50), faulthandler.cancel_dump_traceback_later())
