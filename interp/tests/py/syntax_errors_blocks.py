cases = [
    'if x',
    'for in x: pass',
    'class',
    'if 1:\n  a\n b',
    'else: pass',
    'try: pass',
    '@\ndef f(): pass',
    'try:\n pass\nexcept:\n pass\nexcept ValueError:\n pass',
    'elif x: pass',
    'for x in y',
    'while',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
