a = 10 ** 40 + 12345
b = -(2 ** 100) + 1
print(a + b, a - b, a * b)
print(a // b, a % b, divmod(b, a))
print(a // 7, a % 7, b // -3)
print((a * b) // b == a, a ** 3)
print(-a // 10 ** 20, -a % 10 ** 20)
