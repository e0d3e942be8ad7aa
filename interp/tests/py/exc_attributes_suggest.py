class A:
    color = 1
    def __init__(self): self.height = 2
try:
    A().colour
except AttributeError as error:
    print(error, error.name, type(error.obj).__name__)
try:
    lenght = 1
    lenghth
except NameError as error:
    print(error, error.name)
try:
    import nonexistent_module_x
except ModuleNotFoundError as error:
    print(error, error.name, error.path)
try:
    from math import nothing
except ImportError as error:
    print(error.name, str(error).split(" (")[0])
try:
    import math.sub
except ModuleNotFoundError as error:
    print(error)
