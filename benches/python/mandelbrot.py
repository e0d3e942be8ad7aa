"""The Mandelbrot set in plain float arithmetic.

Arguments: size, iterations.
"""
import sys


def inside(cr, ci, limit):
    zr = zi = 0.0
    for step in range(limit):
        zr2 = zr * zr
        zi2 = zi * zi
        if zr2 + zi2 > 4.0:
            return step
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
    return limit


def main(args):
    size = int(args[0]) if args else 380
    limit = int(args[1]) if len(args) > 1 else 100
    members = 0
    steps = 0
    for y in range(size):
        ci = 2.0 * y / size - 1.0
        for x in range(size):
            taken = inside(3.0 * x / size - 2.0, ci, limit)
            steps += taken
            if taken == limit:
                members += 1
    print("members", members, "steps", steps)


if __name__ == "__main__":
    main(sys.argv[1:])
