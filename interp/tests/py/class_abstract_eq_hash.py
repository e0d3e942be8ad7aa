class A:
    def __eq__(self, o): return True
class B(A):
    __hash__ = object.__hash__
class C:
    def __hash__(self): return 5
print(A.__hash__, isinstance(hash(B()), int), hash(C()), C() == C(), A() == 5, 5 == A(), A() != 5)
class D(C):
    def __eq__(self, o): return NotImplemented
try:
    {D(): 1}
except TypeError as error:
    print("unhashable" in str(error))
