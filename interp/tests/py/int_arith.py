# Signs of floor division and remainder.
for a in (7, -7):
    for b in (2, -2, 3, -3):
        print(a, b, a // b, a % b, divmod(a, b))
print(7 + 5, 7 - 12, -3 * 4, 2 ** 10, (-2) ** 3, 2 ** -1)
print(+True, -True, ~True, ~5, ~-1)
print(6 / 3, 7 / 2, type(6 / 3))
