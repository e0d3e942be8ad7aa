def partition(a):
    if len(a) <= 1: return a
    p, *rest = a
    return partition([x for x in rest if x < p]) + [p] + partition([x for x in rest if x >= p])
def merge(a, b):
    out = []
    while a and b: out.append((a if a[0] <= b[0] else b).pop(0))
    return out + a + b
def matmul(a, b): return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
def flatten(x): return [z for y in x for z in (flatten(y) if isinstance(y, list) else [y])]
def perms(a): return [[x] + p for i, x in enumerate(a) for p in perms(a[:i] + a[i + 1:])] or [[]]
print(partition([5, 3, 8, 1, 9, 2, 5]), merge([1, 4, 6], [2, 3, 7]), matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]]), flatten([1, [2, [3, [4, []]]]]), perms([1, 2, 3]), list(zip(*[[1, 2], [3, 4]])))
