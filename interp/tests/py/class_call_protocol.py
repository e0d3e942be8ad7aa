class A:
    def __call__(self, *a, **k): return a, k
a = A()
print(a(1, x=2), callable(a), callable(A), callable(5), a.__call__(3))
a.__call__ = lambda: "instance"
print(a(9))
n, none, s, xs = 5, None, 'a', []
for text in ("n()", "none()", "s()", "xs()", "a.x()", "A().nope()"):
    try:
        eval(text)
    except Exception as error:
        print(type(error).__name__, error)
