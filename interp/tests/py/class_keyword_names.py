# Names of keyword arguments are not mangled in a class, parameters are.
def given(**kwargs):
    return kwargs


class Meta(type):
    def __new__(meta, name, bases, namespace, **kwargs):
        print(name, kwargs)
        return super().__new__(meta, name, bases, namespace)

    def __init__(cls, *args, **kwargs):
        pass


class Outer:
    class Inner(metaclass=Meta, __option=1):
        pass

    def method(self, __p=3):
        return given(__x=1, **{"__y": 2}), __p

    def caller(self):
        return self.method(_Outer__p=5), given(*[], __z=6)


print(Outer().method(), Outer().caller())
