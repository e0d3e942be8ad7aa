import inspect
class A:
    """Doc of A."""
    def m(self, a, b=1, *args, c, d=2, **kw) -> int: "doc m"; return 1
    @classmethod
    def c(cls): pass
    @property
    def p(self): pass
def gen(): yield
print(inspect.signature(A.m), inspect.signature(A().m), inspect.getdoc(A), inspect.isclass(A), inspect.ismethod(A().m), inspect.isgenerator(gen()), inspect.ismodule(inspect), [n for n, v in inspect.getmembers(A) if not n.startswith("__")], inspect.getmro(A), inspect.isbuiltin(len))
s = inspect.signature(A.m).bind(1, 2, c=3); s.apply_defaults(); print(s.arguments, inspect.getfullargspec(A.m).args, inspect.signature(A.m).parameters["c"].kind, inspect.Parameter.empty)
print(inspect.getsource(gen), inspect.currentframe().f_lineno, inspect.getsourcelines(A)[1])
try:
    inspect.signature(A.m).bind(1)
except TypeError as error:
    print(error)
