class Spec:
    def __format__(self, spec):
        return f"<{spec}>"
    def __str__(self):
        return "str"
    def __repr__(self):
        return "repr"
s = Spec()
w = 5
print(f"{s} {s:abc} {s!s} {s!r:>6} {s:{w}{w}} {s:%H:%M} {s:{{}}}" if False else f"{s} {s:abc} {s!s} {s!r:>6} {s:{w}{w}} {s:%H:%M}")
def order(x):
    print("eval", x)
    return x
print(f"{order(1)}{order(2):{order(3)}}{order(4)}")
