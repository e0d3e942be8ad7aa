# Special methods are looked up on the type, not on the instance.
class A:
    def __len__(self): return 1
a = A()
a.__len__ = lambda: 99
a.__str__ = lambda: "no"
print(len(a), a.__len__(), str(a)[:6] != "no")
class B:
    __iter__ = None
try:
    iter(B())
except TypeError as error:
    print(error)
A.__len__ = lambda self: 5
print(len(a))
class L:
    def __len__(self): return -1
class M:
    def __len__(self): return "a"
class N:
    def __len__(self): return 2 ** 70
for x in (L(), M(), N(), 5, object()):
    try:
        len(x)
    except Exception as error:
        print(type(error).__name__, error)
