import functools
class A:
    @classmethod
    def c(cls, x: int) -> str: pass
    @staticmethod
    def s(x: float): pass
for name in "cs":
    w = A.__dict__[name]
    print(w.__annotations__)
    w.__annotations__ = {"y": 1}
    print(w.__annotations__, w.__func__.__annotations__)
class B:
    @functools.singledispatchmethod
    @classmethod
    def show(cls, x): return "other"
    @show.register
    @classmethod
    def _(cls, x: int): return "int"
    @show.register
    @classmethod
    def _(cls, x: str): return "str"
print(B.show(1), B.show("a"), B().show(2.0))
