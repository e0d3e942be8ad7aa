import functools
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(max, [], 0), functools.partial(int, base=2)("101"), functools.partial(print, "a", sep="-"))  if False else print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.partial(int, base=2)("101"))
@functools.lru_cache(maxsize=2)
def f(x):
    print("computed", x)
    return x * 2
print(f(1), f(1), f(2), f(3), f(1), f.cache_info())
f.cache_clear()
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info().hits)
@functools.wraps(fib)
def w(): pass
print(w.__name__, w.__wrapped__ is fib)
@functools.singledispatch
def show(x): return "object"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show(1), show([]), show("a"), show(True))
@functools.total_ordering
class T:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(T(1) <= T(2), T(2) > T(1), T(1) >= T(1))
class C:
    @functools.cached_property
    def p(self): print("once"); return 5
    @functools.partialmethod
    def pm(self): return "pm"
    def add(self, a, b): return a + b
    add5 = functools.partialmethod(add, 5)
c = C(); print(c.p, c.p, c.__dict__, c.add5(1))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
p = functools.partial(sorted, reverse=True); print(p.func, p.args, p.keywords, p([1, 2]))
try:
    functools.reduce(max, [])
except TypeError as error:
    print(error)
