def inner():
    try:
        x = yield 1
        print("inner got", x)
        y = yield 2
        print("inner got", y)
    except ValueError as error:
        print("inner caught", error)
        yield "recovered"
    return "result"
def outer():
    r = yield from inner()
    print("outer got", r)
    yield from [10, 20]
    yield from "ab"
    return r
o = outer()
print(next(o), o.send("x"), o.throw(ValueError("v")), list(o))
def tree(t):
    if isinstance(t, list):
        for x in t:
            yield from tree(x)
    else:
        yield t
print(list(tree([1, [2, [3, [4]], 5]])))
class It:
    def __iter__(self):
        return iter((1, 2))
def d():
    return (yield from It())
print(list(d()))
try:
    list((lambda: (yield from 5))())
except TypeError as error:
    print(error)
