# What a trace function is told: calls, lines, returns, exceptions; generators and coroutines too.
import sys

events = []


def tracer(frame, event, arg):
    if event == "exception":
        arg = arg[0].__name__
    elif event == "return" and not isinstance(arg, (int, str, type(None))):
        arg = type(arg).__name__
    events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg))
    return tracer


def show(f, *args):
    events.clear()
    sys.settrace(tracer)
    try:
        result = f(*args)
    except Exception as error:
        result = repr(error)
    sys.settrace(None)
    print(f.__name__, "->", result)
    for event in events:
        print("  ", *event)


def branches(a):
    if a:
        b = 1
    elif not a:
        b = 2
    else:
        b = 3
    while True:
        b += 1
        if b > 3:
            break
    return b


def loops():
    for i in range(2): pass
    for i in range(2):
        if i:
            continue
        i = 5
    return [j for j in range(2)]


def handlers():
    try:
        raise KeyError(1)
    except (TypeError, ValueError):
        x = 1
    except KeyError as error:
        x = 2
    else:
        x = 3
    finally:
        y = 4
    try:
        return x
    finally:
        y = 5


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *info):
        return True


def managed():
    with Manager() as m:
        raise ValueError
    for k in range(2):
        with m:
            break


def raises():
    inner()


def inner():
    return {}["a"]


def count():
    yield 1
    x = yield 2


def generators():
    total = 0
    for x in count():
        total += x
    g = count()
    next(g)
    try:
        g.throw(OSError)
    except OSError:
        total += 1
    return total


def delegates():
    def outer():
        yield from count()
    return sum(outer())


def one_line(): return (lambda x: x)(1)


def decorated():
    def deco(f):
        return f

    @deco
    def f(a=1):
        return a

    class C:
        """A class."""
        x = 1

        def m(self):
            return self.x

    return f() + C().m()


async def coroutine():
    return 3


async def awaits():
    return await coroutine()


def coroutines():
    c = awaits()
    try:
        c.send(None)
    except StopIteration as stop:
        return stop.value


class Ends:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration


def ends():
    for x in Ends():
        pass


show(branches, 0)
show(ends)
show(loops)
show(handlers)
show(managed)
show(raises)
show(generators)
show(delegates)
show(one_line)
show(decorated)
show(coroutines)

events.clear()
code = compile("x = 1\n\ny = 2\n", "<module>", "exec")
sys.settrace(tracer)
exec(code, {})
sys.settrace(None)
print(events)
