"""Pancake flips over all permutations: slices, swaps and small lists.

Arguments: n.
"""
import sys


def flips_needed(order):
    order = order[:]
    flips = 0
    first = order[0]
    while first:
        order[:first + 1] = order[first::-1]
        flips += 1
        first = order[0]
    return flips


def pancakes(n):
    """Maximum of flips and the alternating checksum over all orders of n pancakes."""
    order = list(range(n))
    counters = [0] * n
    sign = 1
    checksum = 0
    most = 0
    while True:
        if order[0]:
            flips = flips_needed(order)
            if flips > most:
                most = flips
            checksum += sign * flips
        sign = -sign
        # Next permutation: rotate ever longer prefixes.
        for i in range(1, n):
            first = order[0]
            for j in range(i):
                order[j] = order[j + 1]
            order[i] = first
            counters[i] += 1
            if counters[i] <= i:
                break
            counters[i] = 0
        else:
            return most, checksum


def main(args):
    n = int(args[0]) if args else 9
    most, checksum = pancakes(n)
    print("pancakes(%d) = %d, checksum %d" % (n, most, checksum))


if __name__ == "__main__":
    main(sys.argv[1:])
