class P:
    __slots__ = ("x", "y")
    def __init__(self, x):
        self.x = x
p = P(1)
print(p.x, hasattr(p, "y"), hasattr(p, "__dict__"), P.__slots__, type(P.x).__name__)
p.y = 2
del p.y
for text in ("p.z = 1", "p.y", "del p.y", "p.__dict__"):
    try:
        exec(text)
    except AttributeError as error:
        print(text, error)
class Q(P):
    __slots__ = ["z"]
class R(P): pass
q, r = Q(1), R(2)
q.z = 3
r.other = 4
print(q.x, q.z, r.x, r.__dict__)
class S:
    __slots__ = {"a": "doc of a"}
print(S.a.__doc__)
for text in ("class T:\n __slots__ = ('a',)\n a = 1", "class T:\n __slots__ = ('1a',)", "class T(int):\n __slots__ = ('a',)", "class X:\n __slots__=('a',)\nclass Y:\n __slots__=('b',)\nclass Z(X, Y): pass", "class T:\n __slots__ = (1,)"):
    try:
        exec(text)
        print("ok")
    except Exception as error:
        print(type(error).__name__, error)
class W:
    __slots__ = ("__dict__", "__weakref__", "a")
w = W()
w.anything = 1
print(w.__dict__)
