# Sums and products that leave the inline range and come back.
n = 1
for i in range(1, 30): n *= i
for i in range(29, 0, -1): n //= i
print(n)
x = (1 << 47) - 3
for _ in range(6): x += 1; print(x, end=" ")
x = -(1 << 47) + 3
for _ in range(6): x -= 1; print(x, end=" ")
x = (1 << 50) - 2
for _ in range(4): x += 1; print(x, end=" ")
y = 3037000500
print(y * y, -y * y, (y * y) >> 3, (1 << 62) * 2, ((1 << 63) - 1) + 1, -(1 << 63) - 1, (1 << 63) - (1 << 63))
s = 0
for i in range(100): s += 1 << 60
print(s, s >> 60, s & 0xFFFF, s ^ s, ~s, -s % 1000)
