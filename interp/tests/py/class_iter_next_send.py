class Fib:
    def __init__(self, n): self.n = n
    def __iter__(self):
        a, b = 0, 1
        for _ in range(self.n):
            yield a
            a, b = b, a + b
    def __reversed__(self): return iter("rev")
    def __len__(self): return self.n
f = Fib(10)
print(list(f), sum(f), max(f), sorted(f, reverse=True)[:2], list(reversed(f)), list(zip(f, f))[:2], 21 in f, dict(enumerate(f))[6], list(map(lambda x: x * 2, f))[-1], [*f][3:5], set(f) == set(Fib(10)), any(f), all(f), list(filter(lambda x: x % 2, f)), ",".join(map(str, f)))
a, b, *rest = f
print(a, b, len(rest))
