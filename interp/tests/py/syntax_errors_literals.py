cases = [
    "'abc",
    '0777',
    '1__0',
    '0b12',
    '0xg',
    '1a',
    "'\\N{nope}'",
    "b'é'",
    '"""abc',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
