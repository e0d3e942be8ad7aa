# requires: taipan
"""What a block that is undone has made never existed: no finalizer, callback or `finally` is called for it."""
import gc
import weakref
from transaction import atomic, or_else, retry

ended = []


class Mortal:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        ended.append(self.name)


class Plain:
    pass


def stepped(name):
    try:
        yield name
    finally:
        ended.append(name)


def make(name):
    Mortal(name + " del")
    next(stepped(name + " finally"))
    plain = Plain()
    return weakref.ref(plain, lambda r: ended.append(name + " weak"))


refs = []


def undone():
    try:
        with atomic:
            refs.append(make("block"))
            raise KeyError
    except KeyError:
        pass


def nested():
    with atomic:
        refs.append(make("outer"))
        undone()
        refs.append(make("outer 2"))


def alternative():
    refs.append(make("alternative"))
    local = make("alternative 2")
    retry()


def outer_target():
    """A callback set in a block that is undone is not called either."""
    kept = Plain()
    try:
        with atomic:
            local = weakref.ref(kept, lambda r: ended.append("never"))
            raise KeyError
    except KeyError:
        del kept
        gc.collect()
        return local


undone()
nested()
or_else(alternative, lambda: refs.append(make("taken")))
outer_target()
for _ in range(3):
    gc.collect()
print(sorted(ended))
print(len(refs))
