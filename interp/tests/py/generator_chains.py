"""Generators that delegate to each other: what passes through a chain, and what changes it on the way."""


def leaf(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield ("leaf got", got)
    return ("leaf", n)


def link(inner, log):
    try:
        result = yield from inner
    except KeyError as error:
        log.append(("caught", repr(error)))
        result = yield "recovered"
    log.append(result)
    yield "after"
    return result


def chain(depth, n, log):
    g = leaf(n)
    for _ in range(depth):
        g = link(g, log)
    return g


log = []
print(list(chain(3, 2, log)), log)

log = []
g = chain(4, 3, log)
print(next(g), g.send("x"), next(g), g.gi_yieldfrom is not None)
for value in g:
    print(value, end=" ")
print(log)

# An exception ends the leaf, is caught half way, and the rest goes on.
log = []
g = chain(3, 5, log)
print(next(g), next(g))
print(g.throw(KeyError("k")), next(g), list(g), log)

# A `for` loop takes over what `next` has begun, and the other way round.
log = []
g = chain(2, 4, log)
print(next(g))
for value in g:
    print(value, end=" ")
    if value == 1:
        break
print(next(g), g.send("y"), list(g), log)


# Somebody else takes items from the middle of a chain.
def shared(inner):
    yield from inner


middle = shared(iter([1, 2, 3, 4, 5]))
outer = shared(shared(middle))
print(next(outer), next(middle), [v for v in outer], list(middle))


# A chain that comes back to itself.
def loop():
    yield from box[0]


box = [None]
box[0] = g = shared(loop())
try:
    for value in g:
        print(value)
except ValueError as error:
    print(error)


# A chain that grows while it runs, and one deeper than frames may be.
def count(n):
    yield n
    if n < 50:
        yield from count(n + 1)


print(sum(count(0)))


def down(n):
    if n:
        yield from down(n - 1)
    else:
        yield "bottom"


try:
    for value in down(100_000):
        print(value)
except RecursionError as error:
    print("RecursionError")


# What is handled belongs to each frame.
def handling(inner):
    import sys

    try:
        raise OSError("handled")
    except OSError:
        yield from inner
        yield repr(sys.exception())


def watching():
    import sys

    yield repr(sys.exception())
    yield repr(sys.exception())


print(list(handling(handling(watching()))))


# Coroutines: the same way, with values sent in.
class Step:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(n):
    if n == 0:
        return await Step("ask")
    return n + await add(n - 1)


c = add(5)
print(c.send(None))
try:
    c.send(100)
except StopIteration as stop:
    print(stop.value)
try:
    c.send(None)
except RuntimeError as error:
    print(error)


async def twice(c):
    await c
    await c


async def done():
    return 1


try:
    twice(done()).send(None)
except RuntimeError as error:
    print(error)
