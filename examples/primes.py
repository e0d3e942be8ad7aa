"""Counts primes on all cores with plain `threading`.

Usage: primes.py [limit] [threads]
"""
import os
import sys
import threading
import time


def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    divisor = 3
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 2
    return True


def main():
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 400_000
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    chunk = 2_000
    chunks = iter(range(0, limit, chunk))
    lock = threading.Lock()
    counts = []

    def work():
        found = 0
        while True:
            with lock:
                start = next(chunks, None)
            if start is None:
                break
            for n in range(start, min(start + chunk, limit)):
                found += is_prime(n)
        counts.append(found)

    began = time.perf_counter()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    print(f"{sum(counts)} primes below {limit}")
    print(f"{threads} threads, {seconds:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
