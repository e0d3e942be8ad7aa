def echo():
    received = []
    while True:
        x = yield len(received), received[-1:] 
        if x is None:
            return received
        received.append(x)
e = echo()
print(next(e), e.send("a"), e.send("b"))
try:
    next(e)
except StopIteration as stop:
    print(stop.value)
try:
    echo().send(1)
except TypeError as error:
    print(error)
def average():
    total = count = 0
    avg = None
    while True:
        total += yield avg
        count += 1
        avg = total / count
a = average()
next(a)
print(a.send(10), a.send(20), a.send(3))
