with (open("syntax_parenthesized_forms.py")) as f: pass
with (open("syntax_parenthesized_forms.py") as f, open("syntax_parenthesized_forms.py") as g,): print(f.name == g.name)
from os import (path,
    sep,)
x = (yield_ := 1)
if (a := 1) and \
   (b := 2):
    print(a, b)
print((1), (1,), ((1)), (), ((),), ("a"
 "b"), (*[1],), {**{}}, [(x, y) for x, y in [(1, 2)]], (lambda: (1, 2))())
def f(a, b,): return a, b
print(f(1, 2,), f(*[1], b=2,), f(**{"a": 1, "b": 2},))
class C(object,): pass
for x, in [(1,), (2,)]: print(x)
for x in 1, 2: print(x)
for x in *[1], 2: print(x)
def g(): return 1, *[2, 3]
def h(): yield 1, *[2]
print(g(), list(h()), [*g()][0])
assert (1, 2)[0], ("x",)
del (x), (a, b)
