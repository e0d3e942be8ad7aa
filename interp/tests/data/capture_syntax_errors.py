"""Writes syntax_errors.tsv: broken snippets and what CPython 3.13 says of them.

Columns: mode, source, class, message, lineno, offset, end_lineno, end_offset; escapes as in tracebacks.tsv.
Usage: python3.13 capture_syntax_errors.py syntax_errors.tsv
"""
import ast, os, sys, warnings
warnings.simplefilter('ignore')
def unescape(s):
    # A backslash is written \\ where it must not start an escape of this list.
    out, i = '', 0
    while i < len(s):
        two = s[i:i+2]
        if two == '\\n': out += '\n'; i += 2
        elif two == '\\t': out += '\t'; i += 2
        elif two == '\\\\': out += '\\'; i += 2
        elif two == '\\u' and s[i+2:i+6] in ('00a0', '200b'): out += chr(int(s[i+2:i+6], 16)); i += 6
        else: out += s[i]; i += 1
    return out
EXTRA = ['(' * 201 + ')' * 201, '[' * 250, ''.join('if 1:\n' + ' ' * (i + 1) for i in range(101)) + 'x',
         "f'{a\\\n", "'abc\\\n", 'x = 1\\', 'if x:\n    \\\n  y = 1\n z', "x = 'a\\", '\tx', '\x0cx y', 'x\x01', 'x = 1\x7f',
         "f'''{\n1 1\n}'''", "f'''a\nb {x y} c\n'''", "x = f'{a}' f'{b c}'", "f'{x:{y z}}'", "f'{x}' '{y' f'{'"]
def esc(v):
    if v is None: return '\\N'
    return str(v).replace('\\', '\\\\').replace('\n', '\\n').replace('\t', '\\t').replace('\r', '\\r')
def cases():
    mode = 'exec'
    for line in open(os.path.join(os.path.dirname(__file__), 'broken_snippets.txt'), encoding='utf-8'):
        if line.startswith('==== '): mode = line[5:].strip()
        else: yield mode, unescape(line.rstrip('\n'))
    for s in EXTRA: yield 'exec', s
n = 0
seen = set()
with open(sys.argv[1], 'w') as out:
    for mode, src in cases():
        if (mode, src) in seen: continue
        seen.add((mode, src))
        try:
            compile(src, '<s>', mode, ast.PyCF_ONLY_AST)
        except SyntaxError as e:
            row = (mode, src, type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
            out.write('\t'.join(map(esc, row)) + '\n'); n += 1
        except Exception as e:
            print('OTHER', repr(src), type(e), file=sys.stderr)
        else:
            print('NO ERROR', mode, repr(src), file=sys.stderr)
print(n)
