# exit: 1
# stderr: compared
a, b, c = 1, "x", 3
print(a * 2 + c ** (b) - a)
