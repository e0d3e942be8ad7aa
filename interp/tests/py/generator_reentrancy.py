def g():
    yield next(it)
it = g()
try:
    next(it)
except ValueError as error:
    print(error)
def h():
    yield me.gi_running
    me.send(None)
me = h()
print(next(me))
try:
    next(me)
except ValueError as error:
    print(error)
