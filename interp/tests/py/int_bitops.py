for a in (0, 5, -5, 2 ** 65 + 3, -(2 ** 65) - 3):
    for b in (3, -3, 2 ** 64, -(2 ** 64)):
        print(a & b, a | b, a ^ b)
print(True & False, True | 2, True ^ True, type(True & False), type(True & 1))
