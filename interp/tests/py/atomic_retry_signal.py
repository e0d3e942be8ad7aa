# requires: taipan
"""A signal reaches a block that waits: its handler's exception ends the wait, its changes may fulfil the condition."""
import os
import signal
import threading
import time
from transaction import atomic, retry

state = {"ready": False, "calls": 0}


def refuse(signum, frame):
    raise InterruptedError("enough")


def allow(signum, frame):
    state["calls"] += 1
    state["ready"] = True


def send_later(signum):
    def send():
        time.sleep(0.05)
        os.kill(os.getpid(), signum)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


signal.signal(signal.SIGUSR1, refuse)
signal.signal(signal.SIGUSR2, allow)

sender = send_later(signal.SIGUSR1)
try:
    with atomic:
        if not state["ready"]:
            retry()
except InterruptedError as e:
    print("interrupted:", e)
sender.join()

sender = send_later(signal.SIGUSR2)
with atomic:
    if not state["ready"]:
        retry()
sender.join()
print(state)

sender = send_later(signal.SIGINT)
try:
    with atomic:
        retry()
except KeyboardInterrupt:
    print("KeyboardInterrupt")
sender.join()
