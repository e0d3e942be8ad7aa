print([x * y for x in range(3) for y in range(x)], [(x, y) for x in range(4) if x % 2 for y in "ab" if y != "a"], {x: x ** 2 for x in range(3)}, {x % 2 for x in range(5)}, list(x for x in range(3)))
x = "outer"
print([x for x in range(3)], x, [[j for j in range(i)] for i in range(3)], [y := 5, y], [last := n for n in range(3)], last)
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [f() for f in [lambda i=i: i for i in range(3)]], [*(a for a in "xy")], [z for z in [1, 2, 3] if z > 1 if z < 3], [i if i else "zero" for i in range(2)])
def f():
    n = 10
    return [n + i for i in range(2)], {n: i for i in range(1)}
print(f())
class C:
    n = 3
    items = [i for i in range(n)]
print(C.items)
try:
    class D:
        n = 3
        items = [i + n for i in range(3)]
except NameError as error:
    print(error)
