s = ""
for i in range(20000): s += "ab"
t = []
for c in s: t.append(c)
print(len(s), len(t), s.count("a"), s == "ab" * 20000)
b = b""
for i in range(2000): b += bytes([i % 256])
print(len(b), b[300])
