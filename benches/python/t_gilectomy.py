"""The Gilectomy demonstration: every thread runs the same recursive function.

Arguments: threads, n, runs in all (a multiple of 4).
"""
import sys
import threading


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def main(args):
    threads = int(args[0]) if args else 2
    n = int(args[1]) if len(args) > 1 else 25
    runs = int(args[2]) if len(args) > 2 else 120
    results = []

    def run(count):
        for _ in range(count):
            results.append(fib(n))

    shares = [runs // threads + (i < runs % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=(share,)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == runs and len(set(results)) == 1
    print("fib", n, "x", runs, "=", sum(results))


if __name__ == "__main__":
    main(sys.argv[1:])
