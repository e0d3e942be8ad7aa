# Small ints hash to themselves: this order is what CPython shows and programs rely on.
print({3, 1, 2}, set(range(10)), {10, 1, 5}, set([5, 4, 3, 2, 1]))
