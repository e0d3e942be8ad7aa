# Small hooks and settings of sys; how methods of library classes show.
import collections
import contextlib
import functools
import io
import sys
import traceback

print(collections.deque.append, str.upper, functools.partial.__call__, collections.OrderedDict.pop)

sys.setswitchinterval(0.25)
print(sys.getswitchinterval())
try:
    sys.setswitchinterval(0)
except ValueError as error:
    print(error)

out = io.StringIO()
with contextlib.redirect_stderr(out):
    sys.excepthook(ValueError, "no exception", None)
print(out.getvalue().strip())


def deep(n):
    return 1 / n if n == 0 else deep(n - 1)


for limit in (2, 0, -3):
    sys.tracebacklimit = limit
    out = io.StringIO()
    with contextlib.redirect_stderr(out):
        try:
            deep(5)
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    text = out.getvalue()
    print(limit, text.count("in deep"), text.startswith("Traceback"), text.splitlines()[-1])
del sys.tracebacklimit

try:
    raise KeyError("k")
except KeyError:
    print([type(e).__name__ for e in sys._current_exceptions().values()])

print(sys.is_finalizing())


class AtEnd:
    is_finalizing = sys.is_finalizing

    def __del__(self):
        print("at the end", self.is_finalizing())


keep = AtEnd()
