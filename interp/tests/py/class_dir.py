class A:
    x = 1
    def f(self): pass
a = A()
a.y = 2
print([n for n in dir(a) if not n.startswith("__")], [n for n in dir(A) if not n.startswith("__")], "__init__" in dir(a))
class B:
    def __dir__(self):
        return ["b", "a"]
print(dir(B()))
def f():
    p = q = 1
    return dir(), locals()
print(f(), "f" in dir(), [n for n in dir([]) if n[0] != "_"])
