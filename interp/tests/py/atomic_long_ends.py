# requires: taipan
"""A block that takes long ends although another thread keeps changing what it reads."""
import threading
from time import perf_counter
from transaction import atomic

cells = [[0] for _ in range(8)]
done = False


def writer():
    while not done:
        for cell in cells:
            cell[0] += 1


def spin(seconds):
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


thread = threading.Thread(target=writer)
thread.start()
for _ in range(3):
    with atomic:
        first = [cell[0] for cell in cells]
        spin(0.01)
        second = [cell[0] for cell in cells]
    print(first == second)
done = True
thread.join()
