# exit: 1
# stderr: compared
try:
    int("x")
except ValueError:
    raise TypeError("clean") from None
