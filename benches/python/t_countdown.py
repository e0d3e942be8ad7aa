"""Threads count down numbers of their own: nothing is shared.

Arguments: threads, steps in all.
"""
import sys
import threading


def countdown(n):
    while n > 0:
        n -= 1
    return n


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 60000000
    left = [None] * threads

    def run(index):
        left[index] = countdown(total // threads + (index < total % threads))

    workers = [threading.Thread(target=run, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert left == [0] * threads, left
    print("counted down", total)


if __name__ == "__main__":
    main(sys.argv[1:])
