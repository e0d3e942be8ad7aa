def inner():
    yield
def outer():
    try:
        raise KeyError("a")
    except KeyError:
        yield from inner()
g = outer()
next(g)
try:
    g.throw(ValueError("b"))
except ValueError as e:
    print(repr(e.__context__))
def looks():
    print(me.gi_yieldfrom, me.gi_running)
    yield from [1]
me = looks()
next(me)
print(type(me.gi_yieldfrom).__name__)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    g = inner()
    next(g)
    try:
        g.throw(ValueError, "b")
    except ValueError:
        pass
    print([str(w.message) for w in caught])
class NoInstance(Exception):
    def __new__(cls, *args): return cls
try:
    inner().throw(NoInstance)
except TypeError as e:
    print(str(e).replace("__main__.", ""))
