# requires: 3.14
cases = [
    'def f(:',
    'f() = 1',
    "print 'a'",
    'lambda: (yield',
    'def f(a, a): pass',
    'def f(a=1, b): pass',
    'f(a=1, 2)',
    'f(**k, *a)',
    'def f():\n x = 1\n global x',
    'def f():\n nonlocal zz',
    'def None(): pass',
    'f(None=1)',
    'print(*)',
    'f(x for x in y, 1)',
    'def f(): return = 1',
    'def f(*): pass',
    'def f(*, **k): pass',
    'def f(a, *b, *c): pass',
    'def f(x, (y)): pass',
    'class A(x for x in y): pass',
    'type X[T, T] = int',
    'def f[T: yield](): pass',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
