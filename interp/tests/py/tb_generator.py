# exit: 1
# stderr: compared
def numbers():
    yield 1
    raise ValueError("in generator")
def outer():
    yield from numbers()
for n in outer():
    print(n)
