def f(a, b, /, c, *args, d=1, **kw):
    "doc"
    x = a + 1
    def g(): return x
    return g
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_varnames, c.co_cellvars, c.co_freevars, c.co_firstlineno, c.co_flags & 0xC, c.co_consts[0] if False else "", c.co_filename.endswith("code_object.py"))
print(f(1, 2, 3).__code__.co_freevars, (lambda: 0).__code__.co_name, compile("x", "n", "eval").co_names, type(c).__name__, c == f.__code__, hash(c) == hash(f.__code__))
h = c.replace(co_name="renamed")
print(h.co_name, c.co_name)
import inspect
print(inspect.signature(f), inspect.isfunction(f), inspect.isgeneratorfunction(f), inspect.getdoc(f), list(inspect.signature(f).parameters.values())[3].kind.name, inspect.signature(lambda x, *, y=2: 0))
