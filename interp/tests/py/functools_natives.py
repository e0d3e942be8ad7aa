from functools import partial, reduce, cmp_to_key, lru_cache, cache
print(partial(int, base=2)("101"), partial(partial(max, 3), 1)(2), partial(dict, a=1)(b=2), partial(sorted, reverse=True).keywords)
print(reduce(lambda a, b: a * b, range(1, 6)), reduce(max, [], 0), sorted("bca", key=cmp_to_key(lambda a, b: (a < b) - (a > b))))
calls = []
@lru_cache(maxsize=2)
def double(x, *, by=2):
    calls.append(x)
    return x * by
print([double(n) for n in (1, 2, 1, 3, 1, 2)], double(1, by=3), calls, double.cache_info(), double.cache_parameters())
double.cache_clear()
print(double.cache_info(), double.__name__, double.__wrapped__(4))
@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(90), fib.cache_info())
class Shape:
    @lru_cache
    def area(self, n):
        calls.append("area")
        return n * n
s = Shape()
print(s.area(3), s.area(3), calls.count("area"))
for bad in (lambda: reduce(max, []), lambda: partial(), lambda: partial(5), lambda: double([]), lambda: cmp_to_key(max)(1) < 2):
    try:
        print(bad())
    except Exception as error:
        print(type(error).__name__, str(error)[:60])
