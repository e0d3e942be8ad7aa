import collections.abc
class Both(collections.abc.Mapping, collections.abc.Sequence):
    def __getitem__(self, i): raise KeyError
    def __len__(self): return 0
    def __iter__(self): return iter(())
class Other(collections.abc.Sequence, collections.abc.Mapping):
    __getitem__, __len__, __iter__ = Both.__getitem__, Both.__len__, Both.__iter__
def which(x):
    match x:
        case [*_]: return "sequence"
        case {}: return "mapping"
print(which(Both()), which(Other()))
class Outer:
    def f(self, x):
        match x:
            case Has(__a=y): return y
class Has: pass
h = Has()
setattr(h, "__a", "plain")
h._Outer__a = "mangled"
print(Outer().f(h))
for pattern in ("{0: _, False: _}", "{0: _, 0.0: _}", "{0: _, 0j: _}", "{1: _, True: _}", "0 ** 0j", "0 * 1j"):
    try:
        compile(f"match x:\n case {pattern}: pass", "", "exec")
        print("compiled", pattern)
    except SyntaxError:
        print("refused", pattern)
def f():
    (g): int
    return g
g = 1
print(f())
