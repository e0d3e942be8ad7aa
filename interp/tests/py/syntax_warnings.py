# requires: 3.14
import warnings
def show(text):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        compile(text, "<s>", "exec")
    print(ascii(text), [(w.category.__name__, str(w.message), w.lineno, w.filename) for w in found])
for text in ("x is 1", "'a' is not x", "x is None", "1()", "f'{x}'()", "1[0]", "[1]['a']", "assert (x, 'm')", "1if x else 0x2or y", "0o7in x", "1jif x else 2", "'\\d'", "x\nb'\\q'", "'\\400'", "def f():\n try: pass\n finally: return", "for x in y:\n try: pass\n finally:\n  break", "while x:\n try: pass\n finally:\n  for z in y: continue", "def f():\n try: pass\n finally:\n  def g(): return 1"):
    show(text)
warnings.simplefilter("error")
try: compile("\n x = 1\n".replace(" x", "x") + "x is 5", "<s>", "exec")
except SyntaxError as e: print(e.msg, e.lineno, e.filename)
