class T:
    def __init__(self): self._c = 0
    @property
    def c(self):
        """Doc."""
        return self._c
    @c.setter
    def c(self, v):
        if v < 0: raise ValueError("negative")
        self._c = v
    @c.deleter
    def c(self):
        print("deleted")
    ro = property(lambda self: "ro")
t = T()
t.c = 5
t.c += 1
print(t.c, T.c.__doc__, t.ro, type(T.c).__name__, T.c.fget(t))
del t.c
for text in ("t.c = -1", "t.ro = 1", "del t.ro", "T().c.x"):
    try:
        exec(text)
    except Exception as error:
        print(type(error).__name__, error)
class U(T):
    @T.c.getter
    def c(self): return "override"
print(U().c)
p = property(doc="only doc")
print(p.__doc__, p.fget)
class V:
    p = p
try:
    V().p
except AttributeError as error:
    print(error)
