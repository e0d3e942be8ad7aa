class A:
    x = 1
class B(A): pass
b = B()
print(b.x, B.x)
A.x = 2
print(b.x)
B.x = 3
b.x = 4
print(A.x, B.x, b.x)
del b.x
print(b.x)
del B.x
print(b.x)
A.f = lambda self: ("f", self is b)
print(b.f())
b.f = lambda: "own"
print(b.f())
for text in ("b.nope", "B.nope", "del b.nope", "del B.nope", "(5).x = 1", "int.x = 1", "object().x = 1", "None.x", "b.__dict__['x']", "del int.real"):
    try:
        exec(text)
    except Exception as error:
        print(text, type(error).__name__, error)
