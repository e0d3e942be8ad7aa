x: int = 5
y: str
(z): float = 1.0
class A:
    a: int = 1
    b: "Fwd"
    c: list[int]
def f(p: int, *args: str, q: "float" = 1, **kw: dict) -> None: pass
print(A.__annotations__, f.__annotations__, hasattr(A, "b"), A.a, x)
try:
    y
except NameError as error:
    print(error)
a = [0]
a[0]: int = 5
A.new: int = 7
print(a, A.new, "new" in A.__annotations__)
def g():
    local: undefined_name = 3
    return local
print(g())
import typing
print(typing.get_type_hints(f), typing.get_type_hints(A, localns={"Fwd": str}))
