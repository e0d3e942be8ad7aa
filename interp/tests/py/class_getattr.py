class A:
    def __init__(self):
        self.real = 1
    def __getattr__(self, name):
        if name.startswith("get_"):
            return lambda: name[4:]
        raise AttributeError(f"no {name}")
a = A()
print(a.real, a.get_x(), hasattr(a, "other"), getattr(a, "zz", "default"))
try:
    a.other
except AttributeError as error:
    print(error)
class B:
    def __getattribute__(self, name):
        if name == "magic":
            return "magic!"
        return super().__getattribute__(name)
    y = 2
b = B()
print(b.magic, b.y)
class P:
    @property
    def p(self):
        raise AttributeError("inner")
    def __getattr__(self, name):
        return f"fallback {name}"
print(P().p)
class G:
    def __getattribute__(self, name):
        raise AttributeError(name)
    def __getattr__(self, name):
        return name.upper()
print(G().abc)
