def g(n):
    for i in range(n):
        yield i
    return "done"
it = g(3)
print(next(it), next(it), next(it))
try:
    next(it)
except StopIteration as stop:
    print("stop", stop.value, stop.args)
try:
    next(it)
except StopIteration as stop:
    print("again", stop.value)
print(list(g(4)), sum(g(5)), type(it).__name__, it.gi_running, it.gi_frame, g.__name__, it.__name__, it.__qualname__)
def empty():
    return
    yield
print(list(empty()), [*g(2)], tuple(x * 2 for x in g(3)))
a, b, c = g(3)
print(a, b, c)
