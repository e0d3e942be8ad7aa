import typing as t
T = t.TypeVar("T")
class G(t.Generic[T]):
    pass
print(G[int], t.Optional[int], t.Union[int, str], t.List[int], t.Dict[str, int], t.Callable[[int], str], t.Tuple[int, ...], t.Any, t.get_args(dict[str, int]), t.get_origin(list[int]), t.Literal[1, "a"], t.ClassVar[int], t.Annotated[int, "m"].__metadata__, t.cast(int, "x"), t.TYPE_CHECKING) if False else print(t.List[int], t.Callable[[int], str], t.Tuple[int, ...], t.Any, t.get_args(dict[str, int]), t.get_origin(list[int]), t.Literal[1, "a"], t.ClassVar[int], t.cast(int, "x"), t.TYPE_CHECKING)
class N(t.NamedTuple):
    a: int
    b: str = "x"
print(N(1), N(1)._fields, N.__annotations__ == {"a": int, "b": str})
class D(t.TypedDict, total=False):
    k: int
print(D(k=1), D.__total__, sorted(D.__optional_keys__))
@t.runtime_checkable
class P(t.Protocol):
    def close(self) -> None: ...
class Has:
    def close(self): pass
print(isinstance(Has(), P), isinstance(5, P))
@t.overload
def f(x: int) -> int: ...
@t.overload
def f(x: str) -> str: ...
def f(x): return x
print(f(1), t.get_type_hints(N), len(t.get_overloads(f)), t.NewType("U", int)(5), t.final(Has) is Has)
def g(x: "int", y: t.Optional["str"] = None) -> t.List["int"]: ...
print(t.get_type_hints(g)["x"], int | None, t.get_args(int | str))
U = t.TypeVar("U", bound=int); print(U, U.__bound__, t.ParamSpec("PS"), t.TypeVarTuple("Ts"), t.Self, t.Never)
try:
    P()
except TypeError as error:
    print(error)
