# modes: plain
# The debugger over standard input: steps, breakpoints, expressions, jumps, post mortem.
import pdb
import sys


def helper(x):
    y = x * 2
    return y


def numbers():
    yield 1
    yield 2


def work():
    total = 0
    pdb.Pdb(nosigint=True, readrc=False).set_trace()
    total += helper(3)
    for n in numbers():
        total += n
    return total


print("result", work())


def fails():
    inside = [1]
    return inside[5]


try:
    fails()
except IndexError as error:
    pdb.post_mortem(error.__traceback__)

breakpoint()
print("end")
