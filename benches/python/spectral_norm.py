"""Power iteration on an infinite matrix: float sums in generator expressions.

Arguments: n, rounds.
"""
import sys


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    n = range(len(v))
    return [sum(entry(i, j) * v[j] for j in n) for i in n]


def times_transposed(v):
    n = range(len(v))
    return [sum(entry(j, i) * v[j] for j in n) for i in n]


def main(args):
    n = int(args[0]) if args else 260
    rounds = int(args[1]) if len(args) > 1 else 10
    u = [1.0] * n
    for _ in range(rounds):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    num = sum(a * b for a, b in zip(u, v))
    den = sum(b * b for b in v)
    print("%.9f" % (num / den) ** 0.5)


if __name__ == "__main__":
    main(sys.argv[1:])
