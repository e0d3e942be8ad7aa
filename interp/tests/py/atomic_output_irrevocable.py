# requires: taipan
"""What was printed before a block appears once, also if the block, undone later, has written past it."""
import os
from transaction import atomic

print("before")
try:
    with atomic:
        print("inside")
        os.write(1, b"written\n")
        raise KeyError
except KeyError:
    print("after")
