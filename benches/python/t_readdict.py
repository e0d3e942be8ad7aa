"""A shared dict that is read all the time and written seldom.

Arguments: threads, look-ups in all, look-ups per write (0: no writes).
"""
import sys
import threading

SIZE = 1024


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 12000000
    every = int(args[2]) if len(args) > 2 else 1000
    table = {i: i for i in range(SIZE)}
    sums = [0] * threads

    def run(index, count):
        found = 0
        key = index * 37 % SIZE
        for i in range(count):
            found += table[key]
            key = (key + 7) & (SIZE - 1)
            if every and i % every == 0:
                table[key] = key
        sums[index] = found

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(shares)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for index, share in enumerate(shares):
        rounds, rest = divmod(share, SIZE)
        expected = rounds * (SIZE * (SIZE - 1) // 2)
        expected += sum((index * 37 + 7 * i) % SIZE for i in range(rest))
        assert sums[index] == expected, (index, sums[index], expected)
    assert table == {i: i for i in range(SIZE)}
    print("read", total)


if __name__ == "__main__":
    main(sys.argv[1:])
