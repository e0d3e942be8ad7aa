n = 3 ** 500
m = 7 ** 300
print(n * m % 1000000007, (n * n) % 998244353, len(str(n * m)))
print(sum(int(c) for c in str(n ** 3)))
f = 1
for i in range(1, 101):
    f *= i
print(f)
