def g():
    yield 1
    raise StopIteration("inside")
try:
    list(g())
except RuntimeError as error:
    print(error, repr(error.__cause__))
def h():
    yield next(iter([]))
try:
    list(h())
except RuntimeError as error:
    print(error)
print(list(x for x in [1]), next((x for x in []), "default"))
