from functools import reduce
data = list(range(20))
print(reduce(lambda a, b: a + b, map(lambda x: x ** 2, filter(lambda x: x % 3 == 0, data))), list(map(max, [1, 5], [3, 2], [2, 9])), sorted(data, key=lambda x: (x % 3, -x))[:5], list(map(str.upper, "abc")), list(map(lambda p: p[0] * p[1], zip(data, data[1:])))[:4])
compose = lambda *fs: reduce(lambda f, g: lambda x: f(g(x)), fs)
print(compose(str, lambda x: x + 1, lambda x: x * 2)(5), (lambda n: (lambda f: f(f, n))(lambda f, n: 1 if n < 2 else n * f(f, n - 1)))(10))
curry = lambda f: lambda a: lambda b: lambda c: f(a, b, c)
print(curry(lambda a, b, c: a + b * c)(1)(2)(3), [*map(lambda x, y=2: x ** y, range(4))], list(filter(lambda s: s.startswith("a"), ["ab", "b", "ac"])))
