# A signal reaches the main thread while it waits for a lock.
import signal, threading, time
def handler(*a): raise InterruptedError("woken")
signal.signal(signal.SIGALRM, handler)
lock = threading.Lock(); lock.acquire()
for wait in (lambda: lock.acquire(), lambda: time.sleep(5), lambda: threading.Event().wait(), lambda: [0] * 1 and sorted(range(10), key=lambda x: time.sleep(1))):
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    try:
        wait()
        print("not woken")
    except InterruptedError as error:
        print(error)
