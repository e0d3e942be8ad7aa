def first[T](items: list[T]) -> T:
    return items[0]
print(first([1, 2]), first.__type_params__, first.__type_params__[0].__name__, first.__annotations__ if False else "")
def bounded[T: int, *Ts, **P, U: (int, str)](x): return T, Ts, P, U
t, ts, p, u = bounded(1)
print(t, ts, p, u, t.__bound__, u.__constraints__, type(t).__name__, type(ts).__name__, type(p).__name__)
def default[T = int](): return T
print(default().__default__, default().has_default())
async def co[T](x: T) -> T: return x
print(co.__type_params__)
T = "global"
def shadow[T](): return T
print(shadow() is not T, T)
