"""Producers and consumers over `queue.Queue`, unmodified from the standard library.

Usage: producer_consumer.py [items]
"""
import queue
import sys
import threading

DONE = object()


def produce(name, count, channel):
    for i in range(count):
        channel.put((name, i))


def consume(channel, sums, index):
    while (item := channel.get()) is not DONE:
        name, value = item
        sums[index] += value
        channel.task_done()


def main():
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    channel = queue.Queue(maxsize=100)
    sums = [0, 0, 0]
    producers = [
        threading.Thread(target=produce, args=(name, items, channel)) for name in ("red", "blue")
    ]
    consumers = [
        threading.Thread(target=consume, args=(channel, sums, index)) for index in range(3)
    ]
    for thread in producers + consumers:
        thread.start()
    for thread in producers:
        thread.join()
    channel.join()
    for _ in consumers:
        channel.put(DONE)
    for thread in consumers:
        thread.join()
    print("items:", 2 * items)
    print("sum:", sum(sums))


if __name__ == "__main__":
    main()
