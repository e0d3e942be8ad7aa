"""Exceptions raised, caught, chained and passed through finally blocks.

Arguments: n.
"""
import sys


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def check(i):
    if i % 3 == 0:
        raise Refused(i)
    if i % 7 == 0:
        return {}["missing"]
    return i


def guarded(i, log):
    try:
        return check(i)
    except KeyError:
        log["keys"] += 1
        return 0
    finally:
        log["finally"] += 1


def deep(i, depth):
    if depth == 0:
        raise ValueError(i)
    return deep(i, depth - 1)


def main(args):
    n = int(args[0]) if args else 700000
    log = {"keys": 0, "finally": 0, "refused": 0, "deep": 0, "chained": 0}
    total = 0
    for i in range(n):
        try:
            total += guarded(i, log)
        except Refused as refusal:
            log["refused"] += 1
            total -= refusal.code
        if i % 64 == 0:
            try:
                try:
                    deep(i, 10)
                except ValueError as error:
                    log["deep"] += 1
                    raise RuntimeError("deep") from error
            except RuntimeError as error:
                if isinstance(error.__cause__, ValueError):
                    log["chained"] += 1
    print(total, log)


if __name__ == "__main__":
    main(sys.argv[1:])
