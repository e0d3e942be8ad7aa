"""Writes tokens.tsv: texts and what _tokenize of CPython 3.13 makes of them.

Usage: python3.13 capture_tokens.py tokens.tsv
"""
import io, sys, tokenize, _tokenize
def esc(v): return v.replace('\\','\\\\').replace('\n','\\n').replace('\t','\\t')
S=["x = 1\n","x=1","","\n","# c","# c\n","if x:\n  y # c\n\n  z\nw\n","if x:\n  y","f(a,\n  b) # q\n","x = '''a\nb''' + 1\n","f'a{x!r:>{w}}b{{c}}'\n","rb'x' 0x1f 1_0.5e3j\n","é = 日 + '語'\n","x \\\n + 1\n","class A:\n\n  def f(self):\n    pass\n  # end\nx\n","a->b:=c...d**=e//=f<>g\n","f'''x\n{y}\nz'''\n","\tx\n", "if a:\n\tif b:\n\t\tc\n", "$ ?\n", "x;y\n","async def f(): await x\n", "'''abc\ndef'''\n", "f'{x:{y}}' 'z'\n", "012 1if 2else 3\n", "a)b\n", "f'\\{x}'\n","f'{x}{{'\n", "x = {\n 'a': 1, # c\n\n}\n","  \n  x\n", "f'{a:\n}'\n"]
E=["(\n","'abc\n","'''abc\n","if x:\n    y\n  z\n","x = (\n 1","x \\","f'{x\n", "0b2\n", "x = 1×2\n","\u200b\n"]
with open(sys.argv[1], 'w') as o:
  for s in S+E:
    o.write('case\t'+esc(s)+'\n')
    try:
        for t in _tokenize.TokenizerIter(io.StringIO(s).readline, extra_tokens=True):
            n=tokenize.tok_name[t[0]]
            o.write('\t'.join([n,esc(t[1]),*map(str,t[2]),*map(str,t[3]),esc(t[4])])+'\n')
    except SyntaxError as e:
        o.write('\t'.join(['error',type(e).__name__,esc(e.msg),str(e.lineno),str(e.offset)])+'\n')
