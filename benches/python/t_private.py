"""Objects, lists and dicts that each thread keeps to itself.

Arguments: threads, steps in all.
"""
import sys
import threading


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, dx, dy):
        return Point(self.x + dx, self.y + dy)

    def norm(self):
        return abs(self.x) + abs(self.y)


def work(steps):
    point = Point(0, 0)
    trail = []
    seen = {}
    for i in range(steps):
        point = point.moved(i % 3 - 1, i % 5 - 2)
        if i % 16 == 0:
            trail.append(point)
        key = point.norm() % 64
        seen[key] = seen.get(key, 0) + 1
    assert sum(seen.values()) == steps
    return len(trail) + len(seen)


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 3600000
    pieces = 12
    jobs = list(range(pieces))
    results = [None] * pieces

    def run(mine):
        for job in mine:
            results[job] = work(total // pieces)

    workers = [threading.Thread(target=run, args=(jobs[i::threads],)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("private work", total, results)


if __name__ == "__main__":
    main(sys.argv[1:])
