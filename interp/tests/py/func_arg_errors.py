def f(a, b, c=1): pass
def g(a, /, b, *, c): pass
def h(): pass
def k(a, *args, d, e): pass
class C:
    def m(self, x): pass
cases = ["f()", "f(1)", "f(1, 2, 3, 4)", "f(1, 2, b=3)", "f(1, 2, z=3)", "g(1, 2)", "g(a=1, b=2, c=3)", "g(1, 2, 3)", "g(1, 2, 3, c=4)", "h(1)", "h(x=1)", "k(1)", "k(d=1, e=2)", "C().m()", "C().m(1, 2)", "C.m()", "f(b=1)", "(lambda x: x)()", "f(1, 2, cc=3)", "k(1, d=2)", "C(1)", "object(1)", "len()", "len(1, 2)", "int(x=1, y=2)", "print(foo=1)", "isinstance(1)", "abs(x=1)", "sorted()"]
for case in cases:
    try:
        eval(case)
    except TypeError as error:
        print(case, "->", error)
