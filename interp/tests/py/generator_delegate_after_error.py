"""A generator that goes on after an error in what it delegates to, and delegates to the same one again."""

polite = False


def stubborn():
    n = 0
    while True:
        try:
            n += 1
            yield n
        except GeneratorExit:
            if polite:
                return


def patient(inner):
    errors = 0
    while True:
        try:
            yield from inner
        except RuntimeError as error:
            errors += 1
            print(errors, error)


def outermost(inner):
    got = yield from patient(inner)
    return got


g = patient(stubborn())
print(next(g), next(g))
print(g.throw(GeneratorExit()))
print(g.throw(GeneratorExit()))
print(next(g))
print(g.throw(GeneratorExit()))

polite = True
g.close()
g = outermost(stubborn())
print(next(g), next(g), next(g))


def chain(depth):
    for i in range(3):
        if depth:
            yield from chain(depth - 1)
        yield depth, i


print(list(chain(2)))


def echo():
    got = yield "ready"
    while got is not None:
        got = yield got * 2
    return "over"


def middle(tag):
    count = 0
    while True:
        count += 1
        result = yield from echo()
        yield tag, count, result


m = middle("m")
print(next(m), m.send(4), m.send(5), m.send(None), next(m), m.send(6), m.send(None))
