print([1, 2] < [1, 3], [1] < [1, 0], [] < [1], [2] > [1, 9], [1, 2] == [1, 2], [1] != [1.0], [[1], 2] <= [[1], 3])
nan = float("nan")
print([nan] == [nan], [1, "a"] == [1, "a"], [1] == (1,))
try:
    [1] < ["a"]
except TypeError as error:
    print(error)
