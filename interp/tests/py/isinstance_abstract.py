class Abstract:
    def __init__(self, *bases): self.bases = bases
    @property
    def __bases__(self): return self.bases
root = Abstract()
left, right = Abstract(root), Abstract()
both = Abstract(right, left)
class Proxy:
    __class__ = both
class Nothing:
    pass
print(isinstance(Proxy(), root), isinstance(Proxy(), Abstract()), isinstance(Nothing(), root))
print(issubclass(both, root), issubclass(root, both), issubclass(int, root))
for f in (lambda: isinstance(1, Nothing()), lambda: issubclass(Nothing(), int), lambda: issubclass(int, Nothing())):
    try:
        f()
    except TypeError as e:
        print(e)
class Endless:
    @property
    def __bases__(self): return (self, self)
for f in (lambda: issubclass(Endless(), int),):
    try:
        f()
    except RecursionError as e:
        print("RecursionError")
