def counter():
    n = 0
    def up(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return up, get
up, get = counter()
up(); up(5)
print(get(), up.__closure__[0].cell_contents, up.__code__.co_freevars, counter.__code__.co_cellvars)
a, b = counter()
print(a(), get(), b())
def outer(x):
    def middle():
        def inner():
            return x
        return inner
    return middle
print(outer(3)()())
def late():
    def f():
        return v
    v = 10
    return f
print(late()())
def unset():
    def f():
        return w
    if False:
        w = 1
    return f
try:
    unset()()
except NameError as error:
    print(type(error).__name__, error)
