# Around every width an implementation may use inside.
for bits in (31, 32, 47, 48, 62, 63, 64):
    n = 1 << bits
    print(bits, n - 1, n, n + 1, -n - 1, -n, -n + 1)
    print((n - 1) + 1 == n, (n - 1) * (n - 1), -n * n, n - n, (n + 1) - n)
    print(hash(n) == hash(float(n)), n == float(n), n < n + 1 < n + 2)
