class A: pass
class B:
    __slots__ = tuple(f"s{i}" for i in range(60)) + ("__dict__", "__weakref__")
class G: __slots__ = ["a", "b"]
class H: __slots__ = ["b", "a"]
class I: __slots__ = ["c", "d"]
class J: __slots__ = ("q",)
class K(J): pass
class L(J): pass
def give(x, c):
    try:
        x.__class__ = c
    except TypeError as e:
        print(e)
a = A()
a.v = 1
give(a, B)
x = G()
x.a, x.b = 1, 2
give(x, H)
print(x.a, x.b, type(x).__name__)
give(x, I)
k = K()
k.q, k.z = 1, 2
give(k, L)
print(k.q, k.z, type(k).__name__)
give(k, J)
