def f(a, b=[], *, c={}):
    b.append(a)
    c[a] = a
    return b, c
print(f(1), f(2), f.__defaults__, f.__kwdefaults__)
f.__defaults__ = ("new",)
try:
    f(3)
except AttributeError as error:
    print(error)
f.__defaults__ = ([0],)
f.__kwdefaults__ = None
try:
    f(1)
except TypeError as error:
    print(error)
n = 5
def g(x=n):
    return x
n = 6
print(g())
