total = 0
for i in range(30):
    data = [j for j in range(20000)]
    text = "x" * 200000
    raw = bytearray(300000)
    total += len(data) + len(text) + len(raw)
print(total)
d = {}
for i in range(50000): d[i % 100] = [i] * 10
print(len(d), d[99][0])
