print((lambda: (yield))().__class__.__name__, (lambda *, k: k)(k=1), (lambda a, /, b: a + b)(1, b=2), [f(3) for f in (lambda x: x + 1, lambda x: x * 2)], (lambda x: (lambda y: x + y))(1)(2), max([1, 2, 3], key=lambda x: -x))
f = lambda x, *a, k=0, **kw: (x, a, k, kw)
print(f(1, 2, k=3, z=4))
