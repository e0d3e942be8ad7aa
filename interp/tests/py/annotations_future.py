from __future__ import annotations
def f(x: Undefined, y: list[int] = None) -> "str": pass
class A:
    z: Missing[int]
v: Nope = 1
print(f.__annotations__, A.__annotations__, __annotations__)
