"""Attributes of classes that are set again and again are variables: all ways to read them see the last value."""
import threading
from abc import ABC


class Base:
    count = 0
    label = "first"

    def __init__(self):
        Base.count += 1


class Derived(Base):
    pass


for _ in range(5):
    Base(), Derived()
print(Base.count, Derived.count, Base().count, vars(Base)["count"], Base.__dict__.get("count"))
print(getattr(Derived, "count"), super(Derived, Derived()).count, "count" in dir(Derived))
Derived.count = -1
print(Base.count, Derived.count, Derived().count)
del Derived.count
print(Derived.count == Base.count)

# A descriptor takes the place of a plain value, and the other way round.
for round in range(3):
    Base.label = f"plain {round}"
    print(Base.label, Base().label, Derived.label)
Base.label = property(lambda self: "computed")
print(type(Base.label).__name__, Base().label)
Base.label = "plain again"
print(Base.label, Base().label)
Base.label = lambda self: "called"
print(Base().label(), callable(Base.label))
Base.label = staticmethod(lambda: "static")
print(Base.label(), Base().label())

# Deleting, and defining anew.
Base.count = 1
Base.count = 2
del Base.count
print(hasattr(Base, "count"), hasattr(Derived(), "count") if False else "count" in vars(Base))
Base.count = 10
print(Base.count)

# Instances hide it; dictionaries of classes iterate over the values.
one = Derived()
one.count = "own"
print(one.count, Derived.count)
print(sorted((k, v) for k, v in vars(Base).items() if k == "count"))


# Cells of closures are values like any other.
def outer():
    x = 1

    def inner():
        return x

    return inner.__closure__[0]


class Holder:
    cell = None


for _ in range(3):
    Holder.cell = outer()
print(Holder.cell.cell_contents, type(Holder.cell).__name__, type(vars(Holder)["cell"]).__name__)


# A metaclass, a class method, an abstract base.
class Meta(type):
    made = 0

    def __call__(cls, *args):
        Meta.made += 1
        cls.seen = getattr(cls, "seen", 0) + 1
        return super().__call__(*args)


class A(metaclass=Meta):
    total = 0

    @classmethod
    def add(cls, n):
        cls.total += n
        return cls.total


A(), A(), A()
print(Meta.made, A.made, A.seen, [A.add(n) for n in (1, 2, 3)], A.total)


class Shape(ABC):
    sides = 0


Shape.sides += 1
Shape.sides += 1
print(Shape.sides, Shape().sides)


# Threads: one update at a time, none lost.
class Counter:
    value = 0
    lock = threading.Lock()


def work():
    for _ in range(500):
        with Counter.lock:
            Counter.value += 1


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(Counter.value)
