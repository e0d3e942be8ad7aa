import gc
class A:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n)
a = A(1)
del a
gc.collect()
b = A(2)
b = None
gc.collect()
def f():
    c = A(3)
f()
gc.collect()
x, y = A(4), A(4)
x.o, y.o = y, x
del x, y
gc.collect()
print("end")
