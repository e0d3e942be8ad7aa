# requires: taipan
"""Changes of classes are undone with the block that made them."""
from transaction import atomic, or_else, retry


class A:
    n = 1

    def method(self):
        return "old"


class B:
    def who(self):
        return "B"


class B2:
    def who(self):
        return "B2"


class D(B):
    pass


a, d = A(), D()


def state():
    return [A.n, hasattr(A, "fresh"), hasattr(A, "__len__"), type(a).__name__, D.__name__, d.who()]


print(state(), a.method(), B.__subclasses__())
try:
    with atomic:
        A.n += 1
        A.n += 1
        A.method = lambda self: "new"
        A.fresh = 5
        A.__len__ = lambda self: 7
        D.__bases__ = (B2,)
        D.__name__ = "Dee"
        seen = state(), A().method(), len(A()), B.__subclasses__(), B2.__subclasses__()
        a.__class__ = B
        del A.n
        raise KeyError(seen)
except KeyError as e:
    print(*e.args[0])
print(state(), a.method(), B.__subclasses__(), B2.__subclasses__())
with atomic:
    A.n += 1
    try:
        with atomic:
            A.n += 10
            A.inner = 1
            A.method = None
            raise KeyError
    except KeyError:
        pass
    A.kept = 1
    A.kept += 1
print(A.n, A.kept, hasattr(A, "inner"), a.method())
A.n += 1
print(A.n, a.n)


def changed():
    A.n = 100
    A.method = None
    retry()


print(or_else(changed, lambda: A.n), a.method())
