a = [3, 1, 2]
def key(x):
    a.append(x)
    return x
try:
    a.sort(key=key)
except ValueError as error:
    print(error)
print(a)
def boom(x):
    raise KeyError(x)
b = [3, 1, 2]
try:
    b.sort(key=boom)
except KeyError as error:
    print("KeyError", error)
print(b)
