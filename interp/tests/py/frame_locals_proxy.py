# `f_locals` of a function's frame writes through (PEP 667).
import sys
from collections.abc import Mapping


def f(a, *args, **kw):
    b = 2
    cell = 3

    def inner():
        return cell

    proxy = sys._getframe().f_locals
    print(type(proxy).__name__, isinstance(proxy, Mapping), list(proxy))
    proxy["b"] = 20
    proxy["cell"] = 30
    proxy["extra"] = "x"
    print(b, cell, inner(), proxy["extra"], locals()["extra"])
    print(len(proxy), "b" in proxy, "nope" in proxy, proxy.get("nope", 7))
    print(sys._getframe().f_locals == proxy, proxy == dict(proxy), proxy is sys._getframe().f_locals)
    try:
        proxy["nope"]
    except KeyError as error:
        print(error)
    proxy.update({"a": 5})
    proxy |= {"b": 6}
    print(a, b, proxy.setdefault("b", 9), proxy.setdefault("new", 1), (proxy | {"z": 1})["z"])
    match proxy:
        case {"a": found}:
            print("mapping", found)
    print(list(proxy.items())[:2], list(reversed(proxy))[:1], sorted(proxy.copy())[:2])
    exec("b = 100", globals(), proxy)
    print(b)
    late = None
    del late
    print("late" in proxy)
    proxy["late"] = 8
    return late


print(f(1, 2, x=3))


def gen():
    value = 1
    while True:
        yield value


g = gen()
next(g)
g.gi_frame.f_locals["value"] = 5
print(next(g), g.gi_frame.f_locals["value"])


def outer():
    x = 1
    change()
    return x


def change():
    sys._getframe(1).f_locals["x"] = "changed"


print(outer())


class C:
    x = 1
    sys._getframe().f_locals["y"] = 2


print(C.y, type(sys._getframe().f_locals) is dict)


def ended():
    x = 1
    return sys._getframe()


frame = ended()
frame.f_locals["x"] = 2
print(frame.f_locals["x"])
