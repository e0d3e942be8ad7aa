"""A block of code as one transaction: `with atomic:` needs no lock and no order of locks.

An exception that leaves the block rolls its effects back. Usage: atomic_transfer.py
"""
import threading

from transaction import atomic


class Overdrawn(Exception):
    pass


accounts = {"alice": 1_000, "bob": 1_000, "carol": 1_000}
journal = []


def transfer(source, target, amount):
    with atomic:
        accounts[target] += amount
        accounts[source] -= amount
        journal.append((source, target, amount))
        if accounts[source] < 0:
            # The credit, the debit and the journal's entry are undone together.
            raise Overdrawn(source)


def clerk(source, target, refusals):
    for amount in range(1, 200):
        try:
            transfer(source, target, amount)
        except Overdrawn:
            refusals.append(amount)


def main():
    refusals = []
    names = list(accounts)
    clerks = [
        threading.Thread(target=clerk, args=(a, b, refusals))
        for a in names
        for b in names
        if a != b
    ]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()

    print("sum:", sum(accounts.values()))
    print("nobody overdrawn:", min(accounts.values()) >= 0)
    print("every transfer booked or refused:", len(journal) + len(refusals) == 6 * 199)
    replay = dict.fromkeys(names, 1_000)
    for source, target, amount in journal:
        replay[source] -= amount
        replay[target] += amount
    print("the journal explains the balances:", replay == accounts)


if __name__ == "__main__":
    main()
