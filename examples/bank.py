"""Transfers between accounts with ordinary locks; the money is counted while they run.

Usage: bank.py [threads] [transfers]
"""
import random
import sys
import threading


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance


class Bank:
    def __init__(self, accounts, balance):
        self.lock = threading.Lock()
        self.accounts = [Account(i, balance) for i in range(accounts)]

    def transfer(self, source, target, amount):
        with self.lock:
            if self.accounts[source].balance < amount:
                return False
            self.accounts[source].balance -= amount
            self.accounts[target].balance += amount
            return True

    def total(self):
        with self.lock:
            return sum(account.balance for account in self.accounts)


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    transfers = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    bank = Bank(accounts=100, balance=1_000)
    audits = []

    def clerk(seed):
        rng = random.Random(seed)
        for i in range(transfers // threads):
            bank.transfer(rng.randrange(100), rng.randrange(100), rng.randrange(1, 50))
            if i % 1_000 == 0:
                audits.append(bank.total())

    clerks = [threading.Thread(target=clerk, args=(seed,)) for seed in range(threads)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    print("every audit found the same sum:", set(audits) == {100_000})
    print("money at the end:", bank.total())


if __name__ == "__main__":
    main()
