import types
class A: pass
w = A().__init__
print(type(w), type(w) is types.MethodWrapperType, w.__name__, w.__qualname__, w.__objclass__, type((1).__add__), (1).__add__(2), type("".join), type([].__len__))
print((5).__add__ == (5).__add__, (5).__add__.__self__, hash((5).__add__) == hash((5).__add__), repr("a".__len__)[:44])
for call in (lambda: A().__init__(1), lambda: (1).__add__(), lambda: int.__add__("a", 1), lambda: [].__len__(5)):
    try: call()
    except TypeError as e: print(e)
