cases = [
    'return 1',
    'break',
    'continue',
    'yield 1',
    'global x; x = 1; def f(): pass',
    'nonlocal x',
    'await',
    'from . import *\ndef f():\n from x import *',
    'from __future__ import nope',
    'from __future__ import braces',
    'x = 1\nfrom __future__ import annotations',
]
for text in cases:
    try:
        compile(text, "<t>", "exec")
        print(repr(text), "compiled")
    except SyntaxError as error:
        print(repr(text), type(error).__name__, error.msg, error.lineno, error.offset)
