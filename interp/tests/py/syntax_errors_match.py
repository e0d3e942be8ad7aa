cases = [
    'match x:\n case a | b: pass',
    "match x:\n case {**r, 'a': 1}: pass",
    'case x: pass',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
