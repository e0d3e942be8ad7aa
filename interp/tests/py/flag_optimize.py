# flags: -O
assert False
print(__debug__)
if __debug__:
    print("never")
