def deco(name):
    print("make", name)
    def wrap(f):
        print("wrap", name, f.__name__)
        def inner(*a):
            return name, f(*a)
        return inner
    return wrap
@deco("a")
@deco("b")
def f(x):
    return x
print(f(1))
def klass(c):
    c.tag = "tagged"
    return c
@klass
class C: pass
print(C.tag)
table = {"k": lambda f: "replaced"}
@table["k"]
def g(): pass
@(lambda f: f.__name__)
def h(): pass
print(g, h)
class D:
    def __init__(self, f):
        self.f = f
    def __call__(self, *a):
        return ("called", self.f(*a))
@D
def k(x): return x * 2
print(k(4), type(k).__name__)
