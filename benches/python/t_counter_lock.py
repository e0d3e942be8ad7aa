"""One counter that all threads raise under one Lock.

Arguments: threads, increments in all.
"""
import sys
import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def raise_by(self, amount):
        with self.lock:
            self.value += amount


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 4000000
    counter = Counter()

    def run(count):
        for _ in range(count):
            counter.raise_by(1)

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=(share,)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counter.value == total, (counter.value, total)
    print("counter", counter.value)


if __name__ == "__main__":
    main(sys.argv[1:])
