print(sum([0.1] * 10), sum([1e100, 1.0, -1e100]), sum([1, 2.5, 3]), sum([0.1, 0.2, 0.3], 0))
import math
print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]))
print(sum([True, True, 1.5]), sum([], 7), sum(x / 10 for x in range(5)))
