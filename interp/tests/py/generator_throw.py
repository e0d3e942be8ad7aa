def g():
    while True:
        try:
            x = yield "waiting"
        except ValueError as error:
            print("caught", error)
            yield "handled"
        else:
            print("got", x)
it = g()
print(next(it), it.throw(ValueError("v")), next(it), it.send(5))
try:
    it.throw(KeyError("k"))
except KeyError as error:
    print("out", error)
try:
    next(it)
except StopIteration:
    print("finished")
try:
    g().throw(RuntimeError("before start"))
except RuntimeError as error:
    print(error)
try:
    it.throw(5)
except TypeError as error:
    print(error)
