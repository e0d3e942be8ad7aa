a = list(range(10))
print(a[2:5], a[:3], a[-3:], a[::3], a[::-1], a[8:2:-2], a[5:5], a[20:], a[-100:2], a[:], a[slice(1, 8, 2)])
a[2:5] = "xyz"
a[0:0] = [-2, -1]
a[-1:] = []
print(a)
a[::2] = range(len(a[::2]))
print(a)
del a[1:3], a[::3]
print(a)
a[1:1] = a
print(a)
for value in ([1], 5):
    try:
        a[::2] = value
    except Exception as error:
        print(type(error).__name__, error)
a[:] = []
print(a)
