# flags: -OO
def f():
    "doc"
print(f.__doc__, __doc__)
