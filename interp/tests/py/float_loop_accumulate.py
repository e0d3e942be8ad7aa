x = 0.0
for i in range(1, 1000): x += 1.0 / i
print(x)
y = 1.0
for i in range(300): y *= 1.07
print(y, y // 1e6, y % 1e6, int(y), round(y, 3))
z = 1e-300
for _ in range(5): z *= 1e-5
print(z, z == 0.0, -z, 0.1 + 0.7, 0.1 * 3, 1e16 + 1, 2.5e-8, 123456.789e3)
