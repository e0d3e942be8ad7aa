"""Sums, products, quotients and comparisons of integers of one limb and of many."""

numbers = [0, 1, -1, 3, 1 << 50, -(1 << 51), (1 << 63) - 1, 1 << 63, 1 << 64, (1 << 64) - 1]
numbers += [(1 << 128) - 1, 1 << 128, -(1 << 192), 3**200, -(7**150), 10**400, (1 << 3000) - 1, 3**2000]
total = 0
for a in numbers:
    for b in numbers:
        total = (total * 31 + (a + b) * 3 + (a - b) * 5 + a * b) % (2**127 - 1)
        assert (a + b) - b == a and (a - b) + b == a
        if b:
            q, r = divmod(a, b)
            assert a // b == q and a % b == r and q * b + r == a and 0 <= r * (1 if b > 0 else -1) < abs(b)
            total = (total + q * 7 + r) % (2**127 - 1)
            # Quotients at and beside a multiple.
            for near in (a * b, a * b - 1, a * b + 1):
                assert near // b == divmod(near, b)[0]
        assert (a < b) == (a - b < 0) and (a == b) == (a - b == 0) and (a <= b) == (not b < a)
print(total)
x = (1 << 200) - 1
print(x + 1 == 1 << 200, x - x, (x + 1) - x, x * x == (1 << 400) - (1 << 201) + 1, -x < x, x > -x)
print((10**60) // (10**60 - 1), (10**60 - 1) // 10**60, -(10**60) // (10**60 + 1), 10**60 // -(10**60))
