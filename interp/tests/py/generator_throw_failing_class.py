# An exception class that cannot be instantiated: what fails is thrown into the generator.
class Nothing(Exception):
    def __new__(cls):
        return None


class Fails(Exception):
    def __init__(self):
        raise KeyError("in init")


def catches():
    for i in range(2):
        try:
            yield i
        except Exception as e:
            print("caught", type(e).__name__)
            yield "went on"


for kind in Nothing, Fails:
    g = catches()
    next(g)
    print(g.throw(kind))


def outer():
    yield from catches()


g = outer()
next(g)
print(g.throw(Fails))


def uses(a, b):
    def inner():
        return a + b

    return inner


inner = uses(1, 2)
for closure in inner.__closure__, (1, 2), inner.__closure__[:1], list(inner.__closure__), None:
    try:
        exec(inner.__code__, {}, closure=closure)
        print("ran")
    except TypeError as e:
        print(e)
