"""Sorting with keys: lambdas, tuples, attributes, stability.

Arguments: n, repeats.
"""
import sys


class Record:
    def __init__(self, ident, group, weight):
        self.ident = ident
        self.group = group
        self.weight = weight


def records(n):
    state = 42
    made = []
    for ident in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        made.append(Record(ident, "g%02d" % (state >> 40 & 31), (state >> 20) % 1000))
    return made


def main(args):
    n = int(args[0]) if args else 40000
    repeats = int(args[1]) if len(args) > 1 else 5
    data = records(n)
    for _ in range(repeats):
        by_weight = sorted(data, key=lambda r: r.weight)
        by_both = sorted(data, key=lambda r: (r.group, -r.weight))
        by_group = sorted(by_weight, key=lambda r: r.group, reverse=True)
        by_ident = list(by_group)
        by_ident.sort(key=lambda r: r.ident)
    assert [r.ident for r in by_ident] == list(range(n))
    for name, rows in ("weight", by_weight), ("both", by_both), ("group", by_group):
        print(name, [(r.ident, r.group, r.weight) for r in rows[:3]], rows[-1].ident)


if __name__ == "__main__":
    main(sys.argv[1:])
