class Sub(property):
    """Of the subclass."""
class Slotted(property):
    __slots__ = ()
def getter(self):
    """Of the getter."""
def plain(self): pass
print(Sub(getter).__doc__, Sub(plain).__doc__, Sub(getter, doc="given").__doc__)
print(Slotted(plain).__doc__, Slotted(doc="dropped").__doc__)
try:
    Slotted(getter)
except AttributeError as e:
    print(type(e).__name__)
class A:
    @Sub
    def x(self):
        """First."""
    @x.getter
    def x(self):
        """Second."""
    y = property(getter, doc="explicit")
    z = y.getter(plain)
    w = property(getter).setter(plain)
print(A.x.__doc__, A.z.__doc__, A.w.__doc__, type(A.x).__name__, A.x.__name__)
p = property(getter)
print(p.__name__)
p.__name__ = None
print(p.__name__)
try:
    p.extra = 1
except AttributeError as e:
    print("no attributes")
s = Sub(getter)
s.extra = 1
print(s.extra)
