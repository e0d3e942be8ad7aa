print(hash(0), hash(1), hash(-1), hash(2 ** 61 - 1), hash(2 ** 61), hash(-(2 ** 61)), hash(2 ** 200), hash(True))
print(hash(1.0) == hash(1), hash(0.5), hash(-0.0), hash(float("inf")), hash(float("-inf")), hash(1e300))
print(hash(1 + 2j) == hash(1 + 2j), hash(3 + 0j) == hash(3))
