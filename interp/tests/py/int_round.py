print(round(1234, -2), round(1250, -2), round(1350, -2), round(-1250, -2), round(5, 3), round(15, -1), round(25, -1))
print(round(10 ** 30 + 5 * 10 ** 9, -10), round(7, -5), round(True), round(5))
