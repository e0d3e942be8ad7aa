"""A pipeline of generators: resume and yield.

Arguments: n.
"""
import sys


def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def keep(items, modulus):
    for item in items:
        if item % modulus:
            yield item


def pairs(items):
    previous = None
    for item in items:
        if previous is not None:
            yield previous, item
        previous = item


def flat(items):
    for pair in items:
        yield from pair


def main(args):
    n = int(args[0]) if args else 1600000
    total = 0
    count = 0
    for value in flat(pairs(keep(keep(numbers(n), 2), 3))):
        total += value
        count += 1
    squares = sum(x * x for x in keep(numbers(n), 5))
    print("sum", total, "of", count, "squares", squares)


if __name__ == "__main__":
    main(sys.argv[1:])
