from typing import Generic, TypeVar, Protocol, get_type_hints, Iterator
T = TypeVar("T"); K = TypeVar("K")
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
    def __iter__(self) -> Iterator[T]: return iter(self.items)
s = Stack[int](); s.push(1); print(list(s), type(s).__name__, Stack[int] is Stack[int], Stack[int].__origin__ is Stack, s.__orig_class__)
class M(Generic[K, T], dict): pass
print(M[str, int](a=1), M.__parameters__, M[str, T].__parameters__)
class Sub(Stack[str]): pass
print(Sub.__orig_bases__, Sub.__mro__[1].__name__)
for text in ("Stack[int, str]", "Generic[int]", "M[int]"):
    try: eval(text)
    except TypeError as e: print(e)
def f(a: "list[int]", *b: int) -> "Stack[int]": pass
print(get_type_hints(f)["a"], f.__annotations__["return"])
