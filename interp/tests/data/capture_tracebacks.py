"""Writes tracebacks.tsv: snippets run under CPython 3.13, as data and as the text it prints.

Usage: python3.13 capture_tracebacks.py tracebacks.tsv
"""
import traceback, json, sys, io, linecache
SNIPS = [
"1/0\n",
"def f(a, b):\n    return a + b / 0\nf(1, 2)\n",
"x = {}\ny = x['a']['b']\n",
"x = {'a': {}}\ny = x['a']['b'] + 1\n",
"def g(n):\n    return g(n - 1) if n else 1 / n\ng(10)\n",
"def a(n):\n    b(n)\ndef b(n):\n    if n == 0:\n        raise ValueError('deep')\n    a(n - 1)\na(6)\n",
"def f(*a):\n    raise TypeError('x')\nf(1,\n  2,\n  3,\n  4)\n",
"def f(*a):\n    raise TypeError('x')\ny = f(1,\n  2,\n  3)\n",
"def f(*a):\n    raise TypeError('x')\ndef h():\n    return f(1)\nh()\n",
"def f(*a):\n    raise TypeError('x')\ndef h():\n    return (f(1) + 2)\nh()\n",
"try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e\n",
"try:\n    1/0\nexcept ZeroDivisionError as e:\n    undefined_thing()\n",
"try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from None\n",
"e = ValueError('with notes')\ne.add_note('one')\ne.add_note('two\\nlines')\nraise e\n",
"raise ExceptionGroup('eg', [ValueError(1), TypeError('t')])\n",
"def mk(n):\n    try:\n        1/n\n    except Exception as e:\n        return e\nraise ExceptionGroup('eg', [mk(0), ExceptionGroup('inner', [ValueError(2), KeyError(3)]), TypeError('t')])\n",
"raise ExceptionGroup('wide', [ValueError(i) for i in range(20)])\n",
"def nest(n):\n    return ValueError(n) if n == 0 else ExceptionGroup(f'n{n}', [nest(n-1)])\nraise nest(12)\n",
"raise ExceptionGroup('wide', [ValueError(i) for i in range(16)])\n",
"x = '日本語' + 1\n",
"変数 = '日本語'; y = 変数 + 1 + 2\n",
"value = ('é' * 3 + '日' +\n   5)\n",
"z = (1 +\n     2 +\n     3 /\n     0)\n",
"z = [1,\n     2,\n     3,\n     1 / 0,\n     5]\n",
"class A:\n    def __getattr__(self, n):\n        raise AttributeError(n)\nA().x.y.z\n",
"print(A for A in 5)\n",
"def f():\n    yield 1\n    raise RuntimeError('in gen')\nfor i in f():\n    pass\n",
"lambda_ = lambda x: x['a'](1)(2)\nlambda_({'a': 5})\n",
"assert 1 == 2, 'not equal'\n",
"a = b = c = 1\na.b.c\n",
"x = 5\nx[0] = 3\n",
"x = 5\nx   [  0  ]\n",
"x = 5\n(x)  (\n 0\n )\n",
"def f(): raise ValueError\nf()\n",
"raise ValueError('multi\\nline\\nmessage')\n",
"raise ExceptionGroup('multi\\nline', [ValueError('a\\nb')])\n",
"with open('/nonexistent/file') as f:\n    pass\n",
"import json\njson.loads('{')\n",
"def f(x):\n\tif x:\n\t\treturn 1 // 0\nf(1)\n",
"eval('1 +')\n",
"eval('  1 + + ')\n",
"compile('x = (1,\\n  y = 2\\n', 'fn.py', 'exec')\n",
"exec('if 1:\\n\\tx = 1 1\\n')\n",
"raise SyntaxError('plain')\n",
"raise SyntaxError('msg', ('file.py', 3, 5, 'some text here', 3, 8))\n",
"raise SyntaxError('msg', ('file.py', 3, 50, 'some text', 3, 80))\n",
"raise SyntaxError('msg', ('file.py', 3, 0, '  some text', 3, 0))\n",
"raise SyntaxError('msg', ('file.py', 3, 3, '  some text\\n', 4, 2))\n",
"raise SyntaxError('msg', ('file.py', None, 3, None))\n",
"raise SyntaxError('msg', (None, 2, None, 'abc'))\n",
"try:\n    raise ExceptionGroup('one', [ValueError(1)])\nexcept* ValueError as eg:\n    raise KeyError('n')\n",
"def f():\n    try:\n        raise ValueError(1)\n    finally:\n        raise KeyError(2)\nf()\n",
"x = 1\nif x:\n    for i in range(3):\n        y = (x +   # comment ) +\n             'a')\n",
"x = [1]\nx[0][1]\\\n   [2]\n",
"1 if 1/0 else 2\n",
"a = 1\nb = ''\nc = a @ b\n",
"a = 1\nb = ''\nc = a // b ** 2\n",
"a = 1\na += ''\n",
"-''\n",
"not_defined\n",
"foo(bar, baz)(1)\n",
"def f(a): pass\nf(*5)\n",
"f'{1/0:>10}'\n",
"x = 3\nx.real.foo = 1\n",
"import os.path.nope\n",
"from os import nope_nope\n",
"def f():\n  def g():\n    class C:\n      x = 1/0\n  g()\nf()\n",
"[x for x in [1, 0] if 1 / x]\n",
"del undefined_name\n",
"while True:\n    raise StopIteration(  'x' ,  'y' )\n",
"raise KeyError\n",
"class MyErr(Exception):\n    def __str__(self): return ''\nraise MyErr\n",
"class E(Exception): pass\nE.__module__ = 'pkg.mod'\nE.__qualname__ = 'Outer.E'\nraise E('q')\n",
"def very(*args, **kw):\n    return 1 / 0\nresult = very(\n    1,\n    2,\n    3,\n    key=4,\n    other=very\n).attribute\n",
"a = [1, 2, 3]\nfoo = a[1][\n   2\n   ][\n   3]\n",
"a = 3\nfoo = a(\n)(1,\n   2,\n   3,\n   4)\n",
]
def te_data(te, all_):
    i = len(all_); d = {}; all_.append(d)
    d['type'] = te.exc_type_str
    d['message'] = te._str
    d['notes'] = list(te.__notes__) if te.__notes__ else []
    frames = []
    for f in te.stack:
        lines = (f._original_lines or '').split('\n')[:-1] if f._original_lines is not None else []
        frames.append([f.filename, f.lineno, f.end_lineno, f.colno, f.end_colno, f.name, lines])
    d['frames'] = frames
    d['suppress'] = te.__suppress_context__
    d['syntax'] = [te.msg, te.filename, None if te.lineno is None else int(te.lineno), None if te.end_lineno is None else int(te.end_lineno), te.offset, te.end_offset, te.text] if te._is_syntax_error else None
    d['cause'] = te_data(te.__cause__, all_) if te.__cause__ else None
    d['context'] = te_data(te.__context__, all_) if te.__context__ else None
    d['members'] = [te_data(m, all_) for m in te.exceptions] if te.exceptions is not None else None
    return i
out = []
for n, s in enumerate(SNIPS):
    fn = f'case{n}.py'
    linecache.cache[fn] = (len(s), None, s.splitlines(True), fn)
    try:
        exec(compile(s, fn, 'exec'), {'__name__': '__main__'})
    except BaseException as e:
        e.__traceback__ = e.__traceback__.tb_next or e.__traceback__
        te = traceback.TracebackException(type(e), e, e.__traceback__)
        all_ = []; te_data(te, all_)
        out.append({'source': s, 'all': all_, 'text': ''.join(te.format())})
    else:
        print('NO ERROR', repr(s), file=sys.stderr)

def esc(v):
    if v is None: return '\\N'
    if isinstance(v, bool): return '1' if v else '0'
    return str(v).replace('\\', '\\\\').replace('\n', '\\n').replace('\t', '\\t').replace('\r', '\\r')
with open(sys.argv[1], 'w') as fo:
    def row(*a): fo.write('\t'.join(map(esc, a)) + '\n')
    for c in out:
        row('case', c['source'])
        for d in c['all']:
            m = None if d['members'] is None else ','.join(map(str, d['members']))
            row('exc', d['type'], d['message'], d['suppress'], d['cause'], d['context'], m)
            for n in d['notes']: row('note', n)
            for f in d['frames']: row('frame', *f[:6], *f[6])
            if d['syntax']: row('syntax', *d['syntax'])
        row('text', c['text'])
print(len(out))
