cases = [
    "f'{'",
    "f'{}'",
    "f'{a b}'",
    "f'}'",
    "f'{a!x}'",
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
