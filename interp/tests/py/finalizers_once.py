"""What an aborted attempt has made never existed: each object is finalized once, none more than were made."""
import gc

ended = []


class Mortal:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        ended.append(self.number)


def stepped(number):
    try:
        yield number
    finally:
        ended.append(number)


def make(count):
    total = 0
    for number in range(count):
        Mortal(number)
        generator = stepped(count + number)
        total += next(generator)
    return total


print(make(300))
gc.collect()
gc.collect()
print(len(ended), sorted(ended) == list(range(600)))
