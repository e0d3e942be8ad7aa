import dataclasses, inspect
import collections.abc as c
class A: pass
@dataclasses.dataclass(slots=True, frozen=True)
class D:
    a: int
try: D(1).__dict__
except AttributeError as e: print(e)
print(D(1), D.__slots__)
print(c.Callable[[int], str], type(c.Callable[[int], str]).__name__, c.Callable[[int, str], float].__args__, c.Callable[..., int])
for v in ("ab", b"ab", bytearray(b"ab"), [1, 2], (1, 2), range(2), memoryview(b"ab")):
    match v:
        case [a, b]: print(type(v).__name__, "sequence")
        case _: print(type(v).__name__, "other")
print(inspect.signature(object), inspect.signature(A))
