def v(x):
    print("v", x, end=" ")
    return x
print(v(1) < v(2) < v(3))
print(v(3) < v(2) < v(1))
print(v(1) == v(1) != v(2) in [v(2)])
print(v(1) is not v(None) is None)
if v(1) <= v(1) <= v(0): print("yes")
else: print("no")
while v(1) < v(0) < v(5): pass
print(not v(1) < v(2) < v(3), [x for x in range(10) if 2 < x < 5], (lambda a: 0 < a < 10)(5))
