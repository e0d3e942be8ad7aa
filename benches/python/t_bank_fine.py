"""Transfers between accounts with a lock each, taken in the order of the accounts.

Arguments: threads, transfers in all, accounts.
"""
import sys
import threading


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


def transfer(source, target, amount):
    if source is target:
        return
    first, second = (source, target) if source.number < target.number else (target, source)
    with first.lock:
        with second.lock:
            source.balance -= amount
            target.balance += amount


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 1200000
    n = int(args[2]) if len(args) > 2 else 1000
    accounts = [Account(i, 1000) for i in range(n)]

    def run(index, count):
        state = index * 7919 + 1
        for _ in range(count):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            transfer(accounts[(state >> 8) % n], accounts[(state >> 18) % n], 1)

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(shares)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    money = sum(account.balance for account in accounts)
    assert money == 1000 * n, money
    print("transfers", total, "money", money)


if __name__ == "__main__":
    main(sys.argv[1:])
