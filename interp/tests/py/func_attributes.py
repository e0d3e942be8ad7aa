def f(a: int, b: str = "x") -> bool:
    """Doc of f."""
    local = 1
    return True
print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__annotations__, f.__dict__, f.__code__.co_name, f.__code__.co_varnames, f.__code__.co_argcount, f.__closure__)
f.tag = 1
f.__name__ = "g"
f.__qualname__ = "h"
print(f.tag, f.__dict__, f.__name__, repr(f).split(" at ")[0], callable(f), f.__get__, sep="|") if False else print(f.tag, f.__dict__, f.__name__, repr(f).split(" at ")[0], callable(f))
del f.tag
print(hasattr(f, "tag"), (lambda: 0).__name__, (lambda: 0).__qualname__)
try:
    f.__name__ = 5
except TypeError as error:
    print(error)
class C:
    def m(self):
        def inner(): pass
        return inner
print(C.m.__qualname__, C().m().__qualname__, C.m.__name__, type(C().m).__name__, type(f).__name__)
