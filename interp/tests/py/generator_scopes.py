x = 10
gen = (x + i for i in range(3))
x = 20
print(list(gen))
def f():
    items = [1, 2, 3]
    g = (i for i in items if i in items)
    items = [2]
    return list(g)
print(f())
try:
    (i for i in 5)
except TypeError as error:
    print(error)
gs = [(lambda: (yield n))() for n in range(3)]
print([next(g) for g in gs])
def nested():
    return ((a, b) for a in range(2) for b in (c * 10 for c in range(2)))
print(list(nested()))
