def numbers(n):
    for i in range(n):
        got = yield i
        assert got is None


def nested(depth):
    if depth:
        for x in nested(depth - 1):
            yield x
            yield -x
    else:
        yield from numbers(3)


print([x for x in nested(3)])


def handling():
    try:
        yield 1
        raise KeyError("inside")
    except KeyError:
        yield 2
        import sys
        yield repr(sys.exception())


try:
    raise ValueError("outside")
except ValueError:
    import sys
    for x in handling():
        print(x, repr(sys.exception()))
print(sys.exception())


def failing():
    yield 1
    1 / 0


try:
    for x in failing():
        print(x)
except ZeroDivisionError as error:
    print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)

g = numbers(5)
for x in g:
    if x == 2:
        break
print(list(g))
for x in g:
    print("never")


def reentrant():
    for x in me:
        yield x


me = reentrant()
try:
    for x in me:
        pass
except ValueError as error:
    print(error)
