class C: x = "C"
class D: x = "D"
class E(C): pass
class F(E): pass
E.__bases__ = (D,)
print(E.x, F().x, [c.__name__ for c in F.__mro__], C.__subclasses__(), [c.__name__ for c in D.__subclasses__()], E.__base__.__name__)
E.__bases__ = (D, C)
print([c.__name__ for c in F.__mro__])
class G(D): __slots__ = ("a",)
def bad(bases):
    try: E.__bases__ = bases
    except TypeError as e: print(e)
for bases in ((), [C], (5,), (F,), (E,), (C, C), (dict,), (G,)): bad(bases)
print(E.__bases__ == (D, C), [c.__name__ for c in F.__mro__])
try: del E.__bases__
except TypeError as e: print(e)
try: int.__bases__ = (C,)
except TypeError as e: print(e)
class X: pass
class Y(X): pass
class P(E, X): pass
class Q(X): pass
try:
    Q.__bases__ = (P,)
    E.__bases__ = (X, D)
    print("made")
except TypeError as e: print(e)
print([c.__name__ for c in P.__mro__], [c.__name__ for c in Q.__mro__], E.__bases__)
