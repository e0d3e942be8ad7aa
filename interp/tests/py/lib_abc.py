import abc, collections.abc as c
class A(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
    @property
    @abc.abstractmethod
    def p(self): ...
class B(A):
    def f(self): return "f"
    p = 1
print(B().f(), A.__abstractmethods__ == {"f", "p"})
for cls in (A, type("H", (A,), {"f": 1})):
    try:
        cls()
    except TypeError as error:
        print(error)
A.register(int)
print(isinstance(5, A), issubclass(int, A), isinstance([], c.Sequence), isinstance({}, c.Mapping), isinstance((i for i in []), c.Generator), isinstance(5, c.Hashable), isinstance([], c.Hashable), issubclass(dict, c.MutableMapping), callable(len) and isinstance(len, c.Callable), isinstance("a", c.Iterable), isinstance(range(1), c.Sequence), isinstance({1}, c.Set))
class S(c.Sequence):
    def __getitem__(self, i): return [1, 2, 3][i]
    def __len__(self): return 3
print(list(S()), 2 in S(), S().index(3), list(reversed(S())), S().count(1))
class M(c.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M(); m.update(a=1); m.setdefault("b", 2); print(dict(m), m.pop("a"), m == {"b": 2}, list(m.items()), m.get("zz"))
