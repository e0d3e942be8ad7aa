# Which function is called for what, and what it may do.
import sys


def f():
    a = 1
    b = 2
    return a + b


# Only frames whose "call" gave a function are traced further; None keeps the function that is there.
seen = []


def only_calls(frame, event, arg):
    seen.append(event)


sys.settrace(only_calls)
f()
sys.settrace(None)
print(seen)


def local(frame, event, arg):
    seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    frame.f_trace = other


def other(frame, event, arg):
    seen.append(("other", event))
    return other


seen.clear()
sys.settrace(lambda frame, event, arg: local)
f()
sys.settrace(None)
print(seen)

# The running frame takes part once it has a function.
seen.clear()
sys._getframe().f_trace = local
sys.settrace(only_calls)
x = 1
y = 2
sys.settrace(None)
print(len(seen) > 2, seen[0][0])
del sys._getframe().f_trace
print(sys._getframe().f_trace, sys.gettrace())

# Lines can be turned off per frame.
counts = {}


def chooses(frame, event, arg):
    frame.f_trace_lines = False
    counts[event] = counts.get(event, 0) + 1
    return chooses


sys.settrace(chooses)
f()
sys.settrace(None)
print(sorted(counts))

# What a trace function raises comes out of the traced code, and tracing ends.


def fails(frame, event, arg):
    if event == "line":
        raise RuntimeError("stop")
    return fails


sys.settrace(fails)
try:
    f()
except RuntimeError as error:
    print(error, sys.gettrace())

# It sees and sets the variables of the frame.


def sets(frame, event, arg):
    if frame.f_code is not f.__code__:
        return None
    if event == "line" and frame.f_locals.get("b") == 2:
        frame.f_locals["a"] = 40
    return sets


sys.settrace(sets)
print(f())
sys.settrace(None)


# It may send the frame elsewhere.
def jumps():
    out = []
    out.append(1)
    out.append(2)
    out.append(3)
    return out


def skips(frame, event, arg):
    if frame.f_code is not jumps.__code__:
        return None
    line = frame.f_lineno - frame.f_code.co_firstlineno
    if event == "line" and line == 3:
        frame.f_lineno = frame.f_code.co_firstlineno + 4
    return skips


sys.settrace(skips)
print(jumps())
sys.settrace(None)


def loop():
    for i in range(2):
        x = i
    return x


def enters(frame, event, arg):
    if frame.f_code is loop.__code__ and event == "line":
        sys.settrace(None)
        for target in (2, -3, 50):
            try:
                frame.f_lineno = frame.f_code.co_firstlineno + target
            except ValueError as error:
                print(str(error).split("line")[0], end="|")
        print()
    return enters


sys.settrace(enters)
loop()
try:
    sys._getframe().f_lineno = 1
except ValueError as error:
    print(error)


# Inside the function nothing is traced, except by call_tracing.
depth = []


def inside(frame, event, arg):
    depth.append(frame.f_code.co_name)
    if frame.f_code.co_name == "f" and event == "call":
        g()
        sys.call_tracing(h, ())


def g():
    pass


def h():
    pass


sys.settrace(inside)
f()
sys.settrace(None)
print(depth)

# Generators keep their frame object.
frames = set()


def keeps(frame, event, arg):
    frames.add(frame)
    return keeps


def numbers():
    yield 1
    yield 2


it = numbers()
sys.settrace(keeps)
next(it)
next(it)
sys.settrace(None)
print(len(frames), it.gi_frame in frames, it.gi_frame.f_lineno - numbers.__code__.co_firstlineno)
