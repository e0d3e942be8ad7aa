# requires: taipan
# flags: -X gc-stress
"""The checkpoint of an attempt that is over keeps nothing, and names nothing that was collected since."""
import threading
from transaction import atomic

try:
    1 / 0
except ZeroDivisionError:
    with atomic:
        pass


def work():
    for i in range(100):
        [i]


t = threading.Thread(target=work)
t.start()
t.join()
print("alive")
