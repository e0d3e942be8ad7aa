class Data:
    def __set_name__(self, owner, name):
        self.name = name
        print("named", owner.__name__, name)
    def __get__(self, obj, owner=None):
        return ("get", obj is not None, owner.__name__)
    def __set__(self, obj, value):
        print("set", value)
    def __delete__(self, obj):
        print("delete")
class NonData:
    def __get__(self, obj, owner):
        return "nondata"
class C:
    d = Data()
    n = NonData()
c = C()
print(c.d, C.d, c.n)
c.d = 5
del c.d
c.__dict__["d"] = "hidden"
c.__dict__["n"] = "shown"
print(c.d, c.n, C.n)
C.d = "replaced"
print(c.d)
class SetOnly:
    def __set__(self, o, v): raise AttributeError("read only")
class E:
    s = SetOnly()
e = E()
try:
    e.s = 1
except AttributeError as error:
    print(error)
try:
    del e.s
except AttributeError as error:
    print(error)
