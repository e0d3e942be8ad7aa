import sys
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as error:
    print(error)
print(sys.getrecursionlimit())
sys.setrecursionlimit(5000)
def g(n):
    return n if n == 0 else g(n - 1)
print(g(4000))
class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")
class R:
    def __repr__(self):
        return repr(self)
class E:
    def __eq__(self, o):
        return self == o
for call in (lambda: A().x, lambda: repr(R()), lambda: E() == 1):
    try:
        call()
    except RecursionError as error:
        print("RecursionError")
for bad in (0, -1):
    try:
        sys.setrecursionlimit(bad)
    except ValueError as error:
        print(error)
