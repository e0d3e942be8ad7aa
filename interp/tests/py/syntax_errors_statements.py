# requires: 3.14
cases = [
    '(1, 2',
    '[1, 2)',
    'import',
    'from x import',
    'x: int: str',
    '*a',
    '{**a for a in b}',
    '[*a for a in b]',
    'a b',
    'async x',
    'a ? b',
    'a $ b',
    '!x',
    'import a.b as',
    'raise x from',
    'assert',
    'not',
    '\\',
    'a.1',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
