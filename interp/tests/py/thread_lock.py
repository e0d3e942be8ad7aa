import threading
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.release(), lock.locked())
with lock: print("held", lock.locked())
try:
    lock.release()
except RuntimeError as error:
    print(error)
try:
    with lock: raise ValueError("inside")
except ValueError as error:
    print(error, lock.locked())
r = threading.RLock()
with r:
    with r: print("reentrant")
try:
    r.release()
except RuntimeError as error:
    print(error)
for args in ((False, 1), (True, -2)):
    try:
        lock.acquire(*args)
    except ValueError as error:
        print(error)
