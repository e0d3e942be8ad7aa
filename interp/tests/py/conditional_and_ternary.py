x = 5
if x > 10: print("big")
elif x > 3: print("mid")
else: print("small")
print("a" if x else "b", ("a", "b")[x < 3], "x" if not x else "y" if x == 5 else "z", None or 0 or "end", 1 and 2 and 3, [] and 1, not not x)
if (): print("no")
elif "": print("no")
else: print("else")
pass
print((1 if True else 2) + 3, 1 if True else 2 + 3, [1 if i % 2 else 0 for i in range(4)])
