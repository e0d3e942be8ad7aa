# A signal handler's exception ends a match that would take forever.
import re
import signal


class Enough(Exception):
    pass


def handler(number, frame):
    raise Enough


signal.signal(signal.SIGALRM, handler)
for pattern, text in [
    (r"(?:x+x+)+y", "x" * 60),
    (r"(?:(x)|x)*y", "\u0436" + "x" * 90),
    (rb"(?:x|xx)*?y", b"x" * 90),
]:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        print(re.search(pattern, text))
    except Enough:
        print("enough")
print(re.search(r"(?:x+x+)+y", "xxxy"))
