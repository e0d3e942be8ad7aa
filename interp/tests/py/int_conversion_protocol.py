# requires: 3.14
class A:
    def __int__(self):
        return 42
class B:
    def __float__(self):
        return 2.5
class C:
    def __complex__(self):
        return 1 + 2j
class D:
    def __trunc__(self):
        return 9
print(int(A()), float(B()), complex(C()), complex(B()))
for call in (lambda: float(A()), lambda: int(B()), lambda: int(C()), lambda: complex(A())):
    try:
        print(call())
    except TypeError as error:
        print(error)
