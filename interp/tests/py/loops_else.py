for i in range(3):
    if i == 5: break
else:
    print("for else")
for i in range(3):
    if i == 1: break
else:
    print("never")
n = 3
while n:
    n -= 1
else:
    print("while else", n)
while True:
    break
else:
    print("never")
for i in range(3):
    for j in range(3):
        if j == 1: break
    else:
        continue
    print("broke", i, j)
for x in []: pass
else: print("empty")
for i, (a, *b) in enumerate([(1, 2, 3), "xyz"]): print(i, a, b)
class O: pass
o, l = O(), [0]
for o.attr in range(2): pass
for l[0] in "ab": pass
print(o.attr, l)
