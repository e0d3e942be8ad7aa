a = [1, 2, 3]
x = 1
del x, a[0]
d = {"k": 1}
del d["k"]
class C:
    pass
c = C()
c.y = 1
del c.y
print(a, d, c.__dict__)
for text in ("x", "c.y", "del x", "del c.y", "del a[9]", "del d['k']"):
    try:
        exec(text)
    except Exception as error:
        print(text, type(error).__name__, error)
def f():
    y = 1
    del y
    return y
try:
    f()
except UnboundLocalError as error:
    print(error)
a = b = 3
del (a), [b]
