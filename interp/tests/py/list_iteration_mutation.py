a = [1, 2, 3]
out = []
for x in a:
    out.append(x)
    if len(a) < 6:
        a.append(x * 10)
print(out, a)
b = [1, 2, 3, 4, 5]
for x in b:
    b.remove(x)
print(b)
it = iter([1, 2, 3])
print(next(it), it.__length_hint__(), list(it), list(it), next(it, None))
print(list(reversed([1, 2, 3])), [*reversed(range(3))])
c = [1]
it = iter(c)
print(list(it))
c.append(2)
print(list(it))
