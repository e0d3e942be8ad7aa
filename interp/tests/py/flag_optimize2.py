# flags: -OO
def f():
    "doc"
print(f.__doc__, __doc__)
# known-failing: line 1: `None None` is `Create a function object. None`
