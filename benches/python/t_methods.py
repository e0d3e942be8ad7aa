"""Methods of one shared instance that only read it.

Arguments: threads, calls in all.
"""
import sys
import threading


class Table:
    def __init__(self, scale):
        self.scale = scale
        self.offset = 3
        self.limit = 1000003

    def scaled(self, value):
        return value * self.scale + self.offset

    def hashed(self, value):
        return self.scaled(value) % self.limit


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 7500000
    table = Table(31)
    sums = [0] * threads

    def run(index):
        total_here = 0
        for i in range(index, total, threads):
            total_here += table.hashed(i)
        sums[index] = total_here

    workers = [threading.Thread(target=run, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("calls", total, "sum", sum(sums))


if __name__ == "__main__":
    main(sys.argv[1:])
