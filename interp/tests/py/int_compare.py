print(1 < 2 < 3, 1 < 3 > 2, 1 == 1.0, 1 == True, 2 ** 70 == 2.0 ** 70, 2 ** 53 + 1 == 2.0 ** 53)
print(2 ** 53 + 1 > 2.0 ** 53, 10 ** 400 > float("inf"), -10 ** 400 < float("-inf"))
print(10 ** 400 > 1e308, 1 < float("nan"), 1 > float("nan"), 1 != float("nan"))
try:
    1 < "a"
except TypeError as error:
    print(error)
print(1 == "1", 1 != "1")
