def count(n):
    if n:
        yield n
        yield from count(n - 1)
print(sum(count(200)))
def layer(it):
    for x in it:
        yield x + 1
it = iter(range(3))
for _ in range(100):
    it = layer(it)
print(list(it))
