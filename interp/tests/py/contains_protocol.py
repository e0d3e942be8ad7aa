# requires: 3.14
class C:
    def __contains__(self, x):
        return x == 1
class I:
    def __iter__(self):
        return iter([1, 2])
class E:
    def __eq__(self, other):
        return True
print(1 in C(), 2 in C(), 2 not in C(), 2 in I(), 3 in I(), E() in [1], 5 in [E()], type(1 in C()))
try:
    1 in 5
except TypeError as error:
    print(error)
class N:
    __contains__ = None
    def __iter__(self):
        return iter([1])
try:
    1 in N()
except TypeError as error:
    print(error)
