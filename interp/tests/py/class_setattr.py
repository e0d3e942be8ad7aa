class A:
    def __setattr__(self, name, value):
        print("set", name, value)
        object.__setattr__(self, name, value * 2)
    def __delattr__(self, name):
        print("del", name)
        super().__delattr__(name)
a = A()
a.x = 5
a.x += 1
print(a.x, a.__dict__)
del a.x
a.__dict__["x"] = 1
print(a.x)
try:
    del a.y
except AttributeError as error:
    print(error)
class Frozen:
    def __setattr__(self, name, value):
        raise AttributeError(f"cannot assign to {name}")
try:
    Frozen().z = 1
except AttributeError as error:
    print(error)
