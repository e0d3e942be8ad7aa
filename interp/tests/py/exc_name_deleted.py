e = "before"
try:
    raise ValueError
except ValueError as e:
    pass
try:
    e
except NameError as error:
    print(error)
def f():
    try:
        raise ValueError("x")
    except ValueError as err:
        saved = err
        del err
    return repr(saved)
print(f())
for i in range(2):
    try:
        raise KeyError(i)
    except KeyError as e:
        e = "rebound"
    print("e" in globals())
