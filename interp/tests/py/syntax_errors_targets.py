cases = [
    'x = ',
    '1 = x',
    'x + 1 = 2',
    'x = 5 5',
    'del f()',
    'del 1',
    'a, b += 1',
    'if True:\nx = 1',
    ' x = 1',
    'try:\n pass\nx = 1',
    'None = 1',
    'True = 1',
    'x = *a',
    'with open() as 1: pass',
    'a := 1',
    '(a.b := 1)',
    'x = {1: 2, 3}',
    'x = (',
    'x = [1,\n2',
    'a = 1 if 2',
    'x = 1 \\ 2',
    'type = 1; type X = ',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
