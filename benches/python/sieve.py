"""The sieve of Eratosthenes over a list of booleans: indexed loads and stores.

Arguments: limit, repeats.
"""
import sys


def primes_below(limit):
    flags = [True] * limit
    flags[0] = flags[1] = False
    for i in range(2, int(limit ** 0.5) + 1):
        if flags[i]:
            for multiple in range(i * i, limit, i):
                flags[multiple] = False
    count = 0
    last = 0
    for i in range(limit):
        if flags[i]:
            count += 1
            last = i
    return count, last


def main(args):
    limit = int(args[0]) if args else 1000000
    repeats = int(args[1]) if len(args) > 1 else 6
    for _ in range(repeats):
        count, last = primes_below(limit)
    print("primes below", limit, ":", count, "last", last)


if __name__ == "__main__":
    main(sys.argv[1:])
