# What has a tuple as `__bases__` is an abstract class for isinstance and issubclass.
class Look:
    def __init__(self, bases): self.bases = bases
    @property
    def __bases__(self): return self.bases
class Part:
    def __init__(self, cls): self.cls = cls
    @property
    def __class__(self): return self.cls
root = Look(())
middle = Look((root,))
leaf = Look((Look(()), middle))
print(issubclass(leaf, root), issubclass(root, leaf), issubclass(leaf, leaf), issubclass(middle, leaf))
print(isinstance(Part(leaf), root), isinstance(Part(root), middle), isinstance(3, root), isinstance(Part(leaf), (int, (str, middle))))
print(issubclass(leaf, (int, middle)))
def attempt(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, "" if isinstance(error, RecursionError) else error)
attempt(lambda: issubclass(leaf, int))
attempt(lambda: issubclass(int, leaf))
attempt(lambda: issubclass(Look([]), root))
attempt(lambda: issubclass(leaf, Look(None)))
attempt(lambda: isinstance(leaf, Look(5)))
class Raises:
    @property
    def __bases__(self): raise OSError("no bases")
attempt(lambda: isinstance(1, Raises()))
class Hides:
    @property
    def __bases__(self): raise AttributeError
attempt(lambda: isinstance(1, Hides()))
deep = (int,)
for _ in range(100):
    deep = (deep,)
print(isinstance("", deep), isinstance(1, deep), issubclass(bool, deep))
class Endless:
    @property
    def __bases__(self): return (Endless(), Endless())
attempt(lambda: issubclass(Endless(), int) and None)
