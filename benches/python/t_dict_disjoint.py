"""A shared dict in which each thread updates keys of its own.

Arguments: threads, updates in all.
"""
import sys
import threading

KEYS = 1000


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 8000000
    table = {}

    def run(index, count):
        base = index * KEYS
        for i in range(count):
            key = base + i % KEYS
            table[key] = table.get(key, 0) + 1

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(shares)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(table) == sum(min(share, KEYS) for share in shares)
    for index, share in enumerate(shares):
        for i in range(min(share, KEYS)):
            assert table[index * KEYS + i] == (share - i + KEYS - 1) // KEYS
    print("updated", sum(table.values()))


if __name__ == "__main__":
    main(sys.argv[1:])
