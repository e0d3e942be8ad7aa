def g():
    try:
        yield 1
        raise KeyError("a")
    except KeyError as error:
        yield repr(error)
    finally:
        yield "finally"
print(list(g()))
def h():
    yield 1
    1 / 0
it = h()
next(it)
try:
    next(it)
except ZeroDivisionError as error:
    print(error)
print(list(it))
def k():
    try:
        raise ValueError
    except ValueError:
        yield 1
        raise
it = k()
next(it)
try:
    try:
        raise KeyError
    except KeyError:
        next(it)
except ValueError as error:
    print(type(error).__name__, type(error.__context__).__name__)
