class E:
    def __mro_entries__(self, bases): return (dict,)
class D(E()): pass
print(D(a=1), D.__bases__, D.__orig_bases__[0].__class__.__name__)
class Fake: pass
for base in (bool, type(None), type(lambda: 0), range, slice, type(...)):
    try:
        type("X", (base,), {})
        print(base, "ok")
    except TypeError as error:
        print(error)
class Int(int): pass
class Str(str): __slots__ = ()
print(Int(5) + 1, Str("a") + "b", Int.__mro__[1], Str("x").__class__.__name__)
