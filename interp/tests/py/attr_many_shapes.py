class Base:
    kind = "base"

    def __init__(self, n):
        self.n = n

    def double(self):
        return self.n * 2


class Wide(Base):
    def __init__(self, n):
        super().__init__(n)
        for i in range(40):
            setattr(self, f"a{i}", i)
        self.late = n

    def double(self):
        return self.late * 2


class Slotted:
    __slots__ = ("n",)

    def __init__(self, n):
        self.n = n

    def double(self):
        return self.n + self.n


class Computed(Base):
    @property
    def n(self):
        return self.hidden + 1

    @n.setter
    def n(self, value):
        self.hidden = value


class Hooked:
    def __getattr__(self, name):
        return lambda: name


def visit(objects):
    seen = []
    for o in objects:
        o.n = o.n if not isinstance(o, Hooked) else 7
        o.late = 5 if not isinstance(o, Slotted) else None
        seen.append((o.n, o.double(), getattr(o, "late", None)))
    return seen


def rounds():
    return [Base(1), Wide(2), Computed(4), Hooked(), Base(5)]


for _ in range(3):
    print(visit(rounds()))
try:
    visit([Slotted(3)])
except AttributeError as error:
    print(error)

objects = rounds()[:3]
print([o.kind for o in objects])
Base.kind = "changed"
print([o.kind for o in objects], Base.kind, Wide.kind)
objects[1].kind = "own"
print([o.kind for o in objects])
del objects[1].kind
Wide.double = lambda self: "patched"
print([o.double() for o in objects], [o.kind for o in objects])


def constant():
    return math.pi, Base.kind


import math

saved = math.pi
print(constant() == (saved, "changed"))
math.pi = 3
Base.kind = 4
print(constant())
del math.pi
try:
    constant()
except AttributeError as error:
    print(error)
math.pi = saved
print(constant() == (saved, 4))
