# requires: taipan
# modes: plain
"""The earliest time limit of an alternative ends the wait of all.

Each attempt computes limits anew, so forced aborts would put the end off for ever."""
import queue
import time
from transaction import atomic, or_else

one, two = queue.Queue(), queue.Queue()


def timed(wait):
    start = time.monotonic()
    try:
        wait()
    except queue.Empty:
        print("Empty", time.monotonic() - start > 0.15)


@atomic
def in_block():
    one.get(timeout=0.2)


timed(lambda: or_else(one.get, lambda: two.get(timeout=0.2)))
timed(in_block)
