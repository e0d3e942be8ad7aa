A = type("A", (), {"x": 1, "f": lambda self: self.x})
B = type("B", (A,), {"x": 2})
print(A().f(), B().f(), A.__name__, B.__bases__, A.__module__, type(A), type(5), type(type))
B.__name__ = "Renamed"
print(B, B.__qualname__)
for args in (("A",), ("A", ()), (1, (), {}), ("A", 1, {}), ("A", (), 1), ("A", (1,), {}), ("a\0b", (), {})):
    try:
        print(type(*args))
    except Exception as error:
        print(type(error).__name__, error)
A.__bases__
class C: pass
class D: y = 5
class E(C): pass
E.__bases__ = (D,)
print(E.y, E().y)
