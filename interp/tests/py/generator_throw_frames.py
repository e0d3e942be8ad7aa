# What runs because of throw() has the frames of the generators and coroutines that delegate to it below it.
import sys
import types


def calls():
    frame, found = sys._getframe(1), []
    while frame:
        found.append(frame.f_code.co_name)
        frame = frame.f_back
    return " < ".join(found)


def entries(error):
    tb, found = error.__traceback__, []
    while tb:
        found.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    return " > ".join(found)


def inner():
    try:
        yield 1
    except ValueError:
        print("inner:", calls())
    yield 2
    raise KeyError("k")


def middle():
    yield from inner()


def outer():
    yield from middle()


g = outer()
next(g)
print(g.throw(ValueError()), g.gi_running, g.gi_yieldfrom.gi_code.co_name)
try:
    g.throw(TypeError())
except TypeError as e:
    print(entries(e))
try:
    next(g)
except StopIteration as e:
    print("over")


def returns():
    try:
        yield 1
    except ValueError:
        return calls()


def takes():
    x = yield from returns()
    print("returned:", x)
    print("after it:", calls())
    try:
        yield sys._getframe().f_back is not None
    finally:
        print("closed:", calls())


def passes():
    local = "kept"
    yield from takes()
    yield local


g = passes()
next(g)
print(g.throw(ValueError()))
print(next(g))
g.close()


@types.coroutine
def sleep():
    try:
        yield "asleep"
    except ValueError:
        print("sleep:", calls())
        raise


async def low():
    await sleep()


async def high():
    try:
        await low()
    except ValueError as e:
        print(entries(e))
        return "caught"


c = high()
print(c.send(None))
try:
    c.throw(ValueError())
except StopIteration as e:
    print(e.value)


# Frame objects that were asked for while it ran stay those of the generators.
def keeps():
    try:
        yield 1
    except ValueError:
        frame = sys._getframe()
        frames.append(frame.f_back)
        frames.append(frame.f_back.f_locals["mark"])
        yield 2


def marked():
    mark = 5
    yield from keeps()
    yield mark


frames = []
g = marked()
next(g)
print(g.throw(ValueError()), frames[0] is g.gi_frame, frames[1], next(g))


# One that is running already cannot be thrown into.
def throws_up():
    try:
        yield 1
    except ValueError:
        try:
            g.throw(TypeError())
        except ValueError as e:
            print(e, g.gi_running, g.gi_yieldfrom)
        yield 2


def above():
    yield from throws_up()


g = above()
next(g)
print(g.throw(ValueError()), g.gi_running)


# Deep chains.
def deep(n):
    if n:
        yield from deep(n - 1)
    else:
        try:
            yield "deep"
        except ValueError:
            yield len(calls().split("deep"))


g = deep(50)
print(next(g), g.throw(ValueError()))
