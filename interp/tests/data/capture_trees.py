"""Writes trees.tsv: sources and their trees under CPython 3.13, positions included.

Usage: python3.13 capture_trees.py trees.tsv
"""
import ast, sys
SOURCES = r"""
x = 1
x = y = 0xff + 1.5 * 2j
x: int = 3
(x): int
a.b += c[1:2, ::3]
del a, b[0]
return_ = lambda a, /, b=1, *c, d, e=2, **f: (yield)
def f(a, b: int = 2, /, *args: str, k=1, **kw) -> None:\n  'doc'\n  return a
@d1\n@d2(x)  # c\n\n# more\nasync def f[T: int, *Ts, **P](): await x
@dec\nclass A(B, metaclass=M, **kw): pass
class A[T = int]: x = 1
if a: b\nelif c: d\nelif e: f\nelse: g
for i, *j in x: break\nelse: continue
async def f():\n  async for i in x: pass\n  async with a as b, c: pass\n  return [i async for i in x if y if z]
while x: pass\nelse: y
with (a as b, c): pass
try: x\nexcept A as e: y\nexcept (B, C): z\nelse: w\nfinally: v
try: x\nexcept* A: y
raise A from b
raise
assert x, 'msg'
import a.b.c as d, e
from . import x as y
from ..a import *
global a, b
def f():\n  nonlocal x
type X[T] = list[T]
a and b or not c
a < b <= c is not d not in e
x if y else z
(y := 5)
f(*a, k=v, **kw)
f(x for x in y)
f((x for x in y))
f(a, (x for x in y))
{1: 2, **d}
{1, *s}
[*a, b]
(a, b), ()
{k: v for k, v in x}
{x for x in y}
'a' "b" u'c'
u'a' 'b'
b'a' b'\x00'
'\ud800'
f''
f'a{x!r:>{w}}b{{c}}' 'd'
f'{x=}' f'{y = :.2f}'
'a' f'{x}' 'b'
f'{x}{y}'
rf'\w{x}\d'
f'''\n{\nx\n}'''
...
None, True, False
123456789012345678901234567890
é = 'ü' + ñ
x[a]
x[a, b]
x[*a]
x[1:]
match x:\n  case 1 | -2 | 'a': pass\n  case [a, *_, b]: pass\n  case {'k': v, **r}: pass\n  case A(b, c=d) as e if f: pass\n  case None: pass\n  case a.b: pass\n  case (x): pass\n  case _: pass
a; b
if x:\n  pass; y
await_ = x ** -y @ z // w % v << u >> t & s ^ r | q
~x, +x, -x
x.y.z(1)(2)[3]
yield_ = 1
def f():\n  x = yield a\n  yield from b\n  yield
(a)\n(b)
lambda: 0
@property\ndef f(self): ...
a = b, = c
print(*[1], sep='')
""".strip('\n').split('\n')
def esc(text): return text.replace('\\', '\\\\').replace('\n', '\\n')
def quote(text):
    # As Rust's Debug shows these strings.
    out = text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n').replace('\x00', '\\0')
    return '"' + ''.join(c if not 0xd800 <= ord(c) < 0xe000 else '\ufffd' for c in out) + '"'
def dump(v):
    if isinstance(v, ast.AST):
        fields = ''.join(f'{n}={dump(getattr(v, n, None))}, ' for n in v._fields)
        place = ''
        if 'lineno' in v._attributes:
            place = f'@{v.lineno}:{v.col_offset}-{v.end_lineno}:{v.end_col_offset}'
        return f'{type(v).__name__}({fields}{place})'
    if isinstance(v, list): return '[' + ', '.join(map(dump, v)) + ']'
    if isinstance(v, str): return quote(v)
    if isinstance(v, bytes): return 'b' + quote(v.decode('latin-1'))
    if isinstance(v, complex): return f'{v.imag:g}j'
    return repr(v)
with open(sys.argv[1], 'w', encoding='utf-8') as out:
    for source in SOURCES:
        source = source.replace('\\n', '\n')
        out.write(esc(source) + '\t' + esc(dump(ast.parse(source))) + '\n')
