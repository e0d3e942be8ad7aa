# requires: taipan
"""A range iterator that is stepped in nested blocks which are rolled back."""
from transaction import atomic

it = iter(range(100))


def step(times):
    taken = []
    if not times:
        return taken
    for value in it:
        taken.append(value)
        if len(taken) == times:
            break
    return taken


def attempt(times, inner, fail):
    try:
        with atomic:
            first = step(times)
            try:
                with atomic:
                    second = step(inner)
                    raise KeyError(first + second)
            except KeyError as error:
                print("inner", error)
            print("after", step(inner))
            if fail:
                raise ValueError
    except ValueError:
        print("undone")


print(step(2))
attempt(0, 2, True)
print(step(3))
attempt(3, 2, True)
print(step(3))
attempt(1, 1, False)
print(step(3))
