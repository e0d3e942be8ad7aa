"""Classes that died leave the lists of their bases."""
import gc


class Base:
    pass


class Middle(Base):
    pass


def make():
    for _ in range(20):
        class Dead(Base):
            pass

        class Below(Middle):
            pass


before = len(object.__subclasses__())
make()
for _ in range(3):
    gc.collect()
    x = [[str(i)] for i in range(20_000)]
# One or two may still be on a stack.
print(len(Base.__subclasses__()) < 4, len(Middle.__subclasses__()) < 4)
names = [c.__name__ for c in Base.__subclasses__() + Middle.__subclasses__()]
print(names[0], set(names) <= {"Middle", "Dead", "Below"}, len(object.__subclasses__()) == before)
Base.__len__ = lambda self: 3
print(len(Middle()), len(Base()))
