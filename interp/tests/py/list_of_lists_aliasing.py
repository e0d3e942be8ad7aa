grid = [[0] * 3] * 2
grid[0][1] = 5
print(grid, grid[0] is grid[1])
a = b = []
a.append(1)
print(b, a is b)
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f.__defaults__)
c = [1, [2, 3]]
d = c[:]
d[1].append(4)
d[0] = 9
print(c, d)
