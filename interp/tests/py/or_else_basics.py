# requires: taipan
"""or_else: alternatives in turn, each undone if it retries."""
from transaction import atomic, or_else, retry

items = []


def no():
    retry()


def dirty():
    items.append("gone")
    print("gone")
    retry()


def ok():
    items.append("kept")
    return len(items)


def bad():
    items.append("undone")
    raise KeyError("bad")


def steps():
    yield 1
    retry()


def through_generator():
    for x in steps():
        items.append(x)


def through_blocks():
    with atomic:
        items.append("undone")
        try:
            with atomic:
                items.append("undone")
                retry()
        finally:
            print("never")


print(or_else(lambda: "only"), or_else(no, lambda: "second"))
print(or_else(dirty, ok), items)
try:
    or_else(no, bad, ok)
except KeyError as e:
    print("KeyError", e, items)
with atomic:
    items.append("outer")
    print(or_else(lambda: or_else(no, no), dirty, lambda: or_else(dirty, ok)), items)
print(or_else(through_generator, ok), items)
print(or_else(through_blocks, lambda: sorted([3, 1, 2], key=lambda v: or_else(no, lambda: v))), items)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        print(or_else(no, lambda: "handling"))
        raise
except ZeroDivisionError as e:
    print(e)
for wrong in (or_else, lambda: or_else(ok, 3), retry):
    try:
        wrong()
    except Exception as e:
        print(type(e).__name__, e)
print(items)
