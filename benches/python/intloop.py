"""Nested loops over small integers: arithmetic, comparison and branches.

Arguments: n (about n * 1000 inner steps).
"""
import sys


def polynomial(n):
    total = 0
    for i in range(n):
        for j in range(500):
            total += (i * j) % 7
    return total


def collatz(limit):
    best_start = best_length = 0
    for start in range(1, limit):
        length = 1
        value = start
        while value != 1:
            if value & 1:
                value = 3 * value + 1
            else:
                value >>= 1
            length += 1
        if length > best_length:
            best_start, best_length = start, length
    return best_start, best_length


def main(args):
    n = int(args[0]) if args else 8000
    print("polynomial", polynomial(n))
    print("collatz", *collatz(n * 4))


if __name__ == "__main__":
    main(sys.argv[1:])
