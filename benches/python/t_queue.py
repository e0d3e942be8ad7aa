"""Producers and consumers over one bounded queue.Queue.

Arguments: threads (that many producers and that many consumers), items in all.
"""
import queue
import sys
import threading


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 200000
    channel = queue.Queue(maxsize=256)
    received = [[] for _ in range(threads)]

    def produce(index):
        for i in range(index, total, threads):
            channel.put(i)

    def consume(index):
        mine = received[index]
        while True:
            item = channel.get()
            if item is None:
                return
            mine.append(item)

    producers = [threading.Thread(target=produce, args=(i,)) for i in range(threads)]
    consumers = [threading.Thread(target=consume, args=(i,)) for i in range(threads)]
    for worker in producers + consumers:
        worker.start()
    for worker in producers:
        worker.join()
    for _ in consumers:
        channel.put(None)
    for worker in consumers:
        worker.join()
    items = sorted(item for mine in received for item in mine)
    assert items == list(range(total)), len(items)
    print("passed", len(items), "sum", sum(items))


if __name__ == "__main__":
    main(sys.argv[1:])
