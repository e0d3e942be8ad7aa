class A:
    def __str__(self):
        return "A!"
class B:
    def __repr__(self):
        return "B()"
class C:
    def __str__(self):
        return 5
print(str(A()), str(B()), str(), str(12), str([A(), B()][1]), str(b"x", "ascii"), str(object=5), f"{A()}{B()}")
for call in (lambda: str(C()), lambda: str("a", "utf-8"), lambda: str(1, "utf-8"), lambda: repr(type("D", (), {"__repr__": lambda s: None})())):
    try:
        call()
    except TypeError as error:
        print(error)
