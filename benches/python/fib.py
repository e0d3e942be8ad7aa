"""Recursive Fibonacci numbers: the cost of a call and a return.

Arguments: n, repeats.
"""
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def main(args):
    n = int(args[0]) if args else 27
    repeats = int(args[1]) if len(args) > 1 else 16
    total = 0
    for _ in range(repeats):
        total += fib(n)
    print("fib", n, "x", repeats, "=", total)


if __name__ == "__main__":
    main(sys.argv[1:])
