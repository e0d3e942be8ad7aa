def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
print(fact(30))
def ack(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))
print(ack(2, 6))
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
print(even(500), (lambda f: f(f, 10))(lambda f, n: 0 if n == 0 else n + f(f, n - 1)))
