a = []
for _ in range(100000):
    a = [a]
for call in (lambda: repr(a), lambda: a == [[a]] * 1):
    try:
        call()
        print("fine")
    except RecursionError as error:
        print("RecursionError")
del a
t = ()
for _ in range(100000):
    t = (t,)
try:
    hash(t)
except RecursionError:
    pass
print("hashed or refused")
del t
