state = 1
data = []
for _ in range(5000):
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    data.append(state >> 8)
once = sorted(data)
print(once[:3], once[-3:], all(x <= y for x, y in zip(once, once[1:])), sorted(once) == once, sorted(reversed(once)) == once)
calls = 0
class K:
    def __init__(self, v):
        self.v = v
    def __lt__(self, other):
        global calls
        calls += 1
        return self.v < other.v
print([k.v for k in sorted(map(K, data[:200]))] == sorted(data[:200]), calls < 2000, [k.v for k in sorted(map(K, range(50)))] == list(range(50)))
