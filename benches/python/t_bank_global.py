"""Transfers between accounts under one lock for the whole bank.

Arguments: threads, transfers in all, accounts.
"""
import sys
import threading


class Account:
    def __init__(self, balance):
        self.balance = balance


def main(args):
    threads = int(args[0]) if args else 2
    total = int(args[1]) if len(args) > 1 else 2000000
    n = int(args[2]) if len(args) > 2 else 1000
    accounts = [Account(1000) for _ in range(n)]
    lock = threading.Lock()
    audits = []

    def run(index, count):
        state = index * 7919 + 1
        for i in range(count):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            source = accounts[(state >> 8) % n]
            target = accounts[(state >> 18) % n]
            with lock:
                source.balance -= 1
                target.balance += 1
            if i % 50000 == 49999:
                with lock:
                    audits.append(sum(account.balance for account in accounts))

    shares = [total // threads + (i < total % threads) for i in range(threads)]
    workers = [threading.Thread(target=run, args=pair) for pair in enumerate(shares)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    money = sum(account.balance for account in accounts)
    assert money == 1000 * n, money
    assert all(audit == money for audit in audits), audits
    print("transfers", total, "money", money)


if __name__ == "__main__":
    main(sys.argv[1:])
