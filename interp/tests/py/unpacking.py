# requires: 3.14
a, *b = [1, 2, 3]
*c, d = "xyz"
e, *f, g = range(5)
(h, i), [j, *k] = (1, 2), [3, 4, 5]
print(a, b, c, d, e, f, g, h, i, j, k)
x = y = z = [0]
x[0], y = 5, x
[p, q] = {1: "a", 2: "b"}
m, n = n, m = 1, 2
print(x, y, z, p, q, m, n, [*range(3), *"ab"], (*[1], 2), {*[1], 2}, {**{"a": 1}, "b": 2})
for text in ("a, b = [1]", "a, b = [1, 2, 3]", "a, *b, c = [1]", "a, b = 5", "a, b = iter([1, 2, 3])", "(a,) = []", "a, b = {}.items()", "a, b = None", "a, b = 'abc'", "*a, = 5"):
    try:
        exec(text)
    except Exception as error:
        print(text, type(error).__name__, error)
