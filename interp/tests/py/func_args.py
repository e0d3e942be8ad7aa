def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw
print(f(1, d=4), f(1, 9, 8, 7, 6, d=4, e=0, z=1), f(1, c=0, d=1, a=5))
def g(a, /, *, b):
    return a, b
print(g(1, b=2))
def h(*, a=1, b):
    return a, b
print(h(b=1), (lambda *a, **k: (a, k))(1, x=2), (lambda: 5)(), (lambda x, y=2: x + y)(1))
