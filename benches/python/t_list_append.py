"""One list to which all threads append.

Arguments: threads, items in all.
"""
import sys
import threading


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 4000000
    items = []

    def run(index):
        append = items.append
        for i in range(index, total, threads):
            append(i)

    workers = [threading.Thread(target=run, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(items) == total, len(items)
    last = list(range(-threads, 0))
    for item in items:
        # Every thread's own items are in the order in which it appended them.
        owner = item % threads
        assert item > last[owner]
        last[owner] = item
    print("appended", len(items), "sum", sum(items))


if __name__ == "__main__":
    main(sys.argv[1:])
