x = 1
def f():
    global x, y
    x = 2
    y = 3
f()
print(x, y)
def g():
    x = "g"
    def h():
        global x
        x = "set by h"
        def k():
            nonlocal_x = x
            return nonlocal_x
        return k()
    return h(), x
print(g(), x)
def deep():
    a = 1
    def m():
        def n():
            nonlocal a
            a = 2
        n()
    m()
    return a
print(deep())
class C:
    global z
    z = 5
    x = x + "!"
print(z, C.x, hasattr(C, "z"))
