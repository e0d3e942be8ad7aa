class Celsius:
    def __init__(self, d):
        self.d = d
    def __round__(self, n=None):
        return f"round {n}"
    def __floor__(self):
        return "floor"
    def __ceil__(self):
        return "ceil"
    def __trunc__(self):
        return "trunc"
    def __abs__(self):
        return "abs"
    def __divmod__(self, other):
        return "divmod", other
    def __rdivmod__(self, other):
        return "rdivmod", other
    def __pow__(self, other, mod=None):
        return "pow", other, mod
import math
c = Celsius(5)
print(round(c), round(c, 2), math.floor(c), math.ceil(c), math.trunc(c), abs(c), divmod(c, 3), divmod(3, c), pow(c, 2), pow(c, 2, 3), c ** 9)
try:
    round(object())
except TypeError as error:
    print(error)
