# Tools of sys.monitoring: events everywhere and of single code objects, and turning them off.
import sys

mon = sys.monitoring
E = mon.events
TOOL = 3
print(mon.get_tool(TOOL))
mon.use_tool_id(TOOL, "test")
print(mon.get_tool(TOOL), mon.get_events(TOOL))
for call in (
    lambda: mon.use_tool_id(TOOL, "other"),
    lambda: mon.use_tool_id(9, "other"),
    lambda: mon.set_events(TOOL, E.C_RETURN),
    lambda: mon.register_callback(TOOL, E.LINE | E.CALL, print),
    lambda: mon.set_events(2, E.LINE),
):
    try:
        call()
    except ValueError as error:
        print(error)


def f(x):
    y = 0
    for i in range(x):
        y += i
    try:
        raise KeyError
    except KeyError:
        pass
    return len([y])


def g():
    got = yield 1
    yield got


seen = []


def listen(name, give=None):
    def callback(code, *args):
        if code.co_name in ("f", "g"):
            args = [a.__name__ if callable(a) else type(a).__name__ if isinstance(a, Exception) else a
                    for a in args]
            rest = args[1:] if name != "LINE" else [args[0] - code.co_firstlineno]
            seen.append((name, code.co_name, *rest))
            return give
    return callback


kinds = ["PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "LINE", "RAISE", "EXCEPTION_HANDLED",
         "PY_UNWIND", "PY_THROW", "CALL", "C_RETURN", "C_RAISE"]
for kind in kinds:
    print(mon.register_callback(TOOL, getattr(E, kind), listen(kind)), end=" ")
print()


def watch(events, call):
    seen.clear()
    mon.set_events(TOOL, events)
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
    mon.set_events(TOOL, 0)
    for entry in seen:
        print("  ", *entry)


print("functions")
watch(E.PY_START | E.PY_RETURN | E.LINE | E.RAISE | E.EXCEPTION_HANDLED, lambda: f(1))
print("calls")
watch(E.CALL, lambda: f(0))
print("generators")


def drive():
    it = g()
    next(it)
    it.send("x")
    it.throw(OSError)


watch(E.PY_START | E.PY_RESUME | E.PY_YIELD | E.PY_UNWIND | E.PY_THROW, drive)

print("local events, disabled after the first time")
mon.register_callback(TOOL, E.LINE, listen("LINE", mon.DISABLE))
mon.set_local_events(TOOL, f.__code__, E.LINE)
print(mon.get_local_events(TOOL, f.__code__) == E.LINE, mon.get_local_events(TOOL, g.__code__))
seen.clear()
f(3)
print([entry[2] for entry in seen])
seen.clear()
f(3)
print([entry[2] for entry in seen])
mon.restart_events()
f(0)
print([entry[2] for entry in seen])
mon.set_local_events(TOOL, f.__code__, 0)
seen.clear()
f(3)
print(seen)


def fails(code, line):
    raise RuntimeError("from the callback")


mon.register_callback(TOOL, E.LINE, fails)
mon.set_local_events(TOOL, f.__code__, E.LINE)
try:
    f(1)
except RuntimeError as error:
    print(error)
mon.set_local_events(TOOL, f.__code__, 0)
mon.free_tool_id(TOOL)
print(f(1), mon.get_tool(TOOL))


# A callback may send the frame elsewhere.
def skips(a):
    out = [a]
    out.append(1)
    out.append(2)
    return out


def jump(code, line):
    frame = sys._getframe(1)
    if line == code.co_firstlineno + 2 and len(frame.f_locals["out"]) == 1:
        frame.f_trace = lambda *args: None
        frame.f_lineno = line + 1


mon.use_tool_id(TOOL, "jumps")
mon.register_callback(TOOL, E.LINE, jump)
mon.set_local_events(TOOL, skips.__code__, E.LINE)
print(skips(0))
mon.set_local_events(TOOL, skips.__code__, 0)
mon.free_tool_id(TOOL)
