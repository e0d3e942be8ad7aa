x = 1; y = 2; print(x, y)
if x: print("a"); print("b")
for i in (1, 2): print(i, end=" "); print("-", end=" ")
print()
while x: x -= 1; print("loop")
class A: a = 1; b = 2
def f(): c = 3; return c
print(A.b, f()); print(1, \
    2)
try: raise ValueError
except ValueError: print("e")
finally: print("f")
with open("statements_on_one_line.py") as fh: print(fh.readline(), end="")
z = (1 +
     2)  # comment
print(z)
if True:

    # odd indentation of comments
        # like this
    print("ok")
