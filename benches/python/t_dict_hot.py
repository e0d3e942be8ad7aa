"""A shared dict of few keys that all threads write.

The writes are plain stores of a count that every thread computes alike, so that the
result does not depend on who wins. Arguments: threads, updates in all.
"""
import sys
import threading

KEYS = 16


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 8000000
    table = dict.fromkeys(range(KEYS), -1)
    bad = []

    def run(count):
        for i in range(count):
            key = i % KEYS
            table[key] = key * 1000 + (i & 7)
            seen = table[key]
            if seen // 1000 != key:
                bad.append((key, seen))

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=(share,)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not bad, bad[:5]
    assert sorted(table) == list(range(KEYS))
    print("stored", total, "bad", len(bad))


if __name__ == "__main__":
    main(sys.argv[1:])
