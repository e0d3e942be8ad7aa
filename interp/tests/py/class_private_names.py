class A:
    __secret = 1
    def __init__(self): self.__x = 2
    def get(self): return self.__x + self.__secret + self._A__x
    def __method(self): return "m"
    def call(self): return self.__method()
    class __Inner: pass
a = A()
print(a.get(), sorted(n for n in dir(a) if n.startswith("_A")), a.call(), a.__dict__)
try:
    a.__x
except AttributeError as error:
    print(error)
class _B:
    def f(self):
        __y = 5
        return locals()
print(sorted(_B().f())[0])
