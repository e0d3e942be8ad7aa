edges = [0, 1, -1, 2**50 - 1, -2**50, 2**50, 2**63 - 1, 2**63, -2**63, 2**64 - 1, 1 - 2**64, 2**64, -2**64]
total = 0
for a in edges:
    for b in edges:
        total ^= hash((a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a == b))
        if b:
            q, r = a // b, a % b
            assert q * b + r == a and (0 <= r < b or b < r <= 0), (a, b)
            total ^= hash((q, r))
    for n in (0, 1, 50, 63, 64, 65, 130):
        assert a >> n == a // 2**n, (a, n)
print(total)
print(2**64 - 1 + 1, -(2**64 - 1) - 1, (2**64 - 1) * (2**64 - 1), -2**64 >> 64, 2**63 & -2**63)
