# Trace and profile functions belong to threads; `threading` hands them to new ones and, on request, to running ones.
import sys
import threading

names = set()


def tracer(frame, event, arg):
    if event == "call" and frame.f_code.co_name in ("work", "own", "running"):
        names.add((threading.current_thread().name, frame.f_code.co_name))


def work():
    own()


def own():
    pass


threading.settrace(tracer)
print(threading.gettrace() is tracer, sys.gettrace())
threads = [threading.Thread(target=work, name=f"t{i}") for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
threading.settrace(None)
work()
print(sorted(names))

names.clear()
threading.setprofile(tracer)
t = threading.Thread(target=work, name="profiled")
t.start()
t.join()
threading.setprofile(None)
print(sorted(names), threading.getprofile())

names.clear()
started, stop = threading.Event(), threading.Event()


def running():
    pass


def waits():
    started.set()
    while not stop.is_set():
        running()
        if names:
            break
    sys.settrace(None)


t = threading.Thread(target=waits, name="late")
t.start()
started.wait()
threading.settrace_all_threads(tracer)
t.join(30)
stop.set()
sys.settrace(None)
threading.settrace(None)
print(("late", "running") in names)

# Many threads under trace functions that count: what an attempt that is repeated has counted is taken back.
counts = {}
shared = [0]
lock = threading.Lock()


def counting(frame, event, arg):
    if frame.f_code.co_name == "step":
        key = (threading.current_thread().name, event)
        counts[key] = counts.get(key, 0) + 1
        return counting


def step():
    with lock:
        shared[0] += 1


def many():
    for _ in range(50):
        step()


threading.settrace(counting)
threads = [threading.Thread(target=many, name=f"c{i}") for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
threading.settrace(None)
print(shared, sorted(counts.items()))
