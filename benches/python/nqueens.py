"""Queens on a board: tuples, sets in generator expressions and recursion.

Arguments: n, repeats.
"""
import sys


def extend(n, row, columns, falling, rising):
    """Yields the columns of every way to place queens in the rows from `row` on."""
    if row == n:
        yield ()
        return
    for column in range(n):
        down, up = row - column, row + column
        if column in columns or down in falling or up in rising:
            continue
        for rest in extend(n, row + 1, columns | {column}, falling | {down}, rising | {up}):
            yield (column,) + rest


def main(args):
    n = int(args[0]) if args else 8
    repeats = int(args[1]) if len(args) > 1 else 110
    for _ in range(repeats):
        solutions = list(extend(n, 0, frozenset(), frozenset(), frozenset()))
    print(n, "queens:", len(solutions), "solutions, first", solutions[0], "last", solutions[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
