# requires: taipan
from transaction import atomic
try:
    with atomic:
        print("never seen")
        raise ValueError
except ValueError:
    print("only this")
