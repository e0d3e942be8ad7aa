print(1 + 2.5, 2.5 + 1j, 1 + 1j, True + 1.5, 3 * 1.5, 7 // 2.0, 7 % 2.5, 2 ** 0.5 == 2.0 ** 0.5)
print(1 == 1.0 == 1 + 0j == True, {1: "a", 1.0: "b", True: "c"}, {0, 0.0, False, 0j})
print(min(1, 1.0), max(2, 2.0), sorted([3, 1.5, True, -2]), abs(-5), abs(-5.5), abs(True))
try:
    1 + "a"
except TypeError as error:
    print(error)
try:
    "a" + 1
except TypeError as error:
    print(error)
try:
    [] + ()
except TypeError as error:
    print(error)
try:
    -"a"
except TypeError as error:
    print(error)
