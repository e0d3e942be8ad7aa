# requires: taipan
from transaction import atomic
d, l = {"a": 1}, [1, 2]
class C: x = 1
c = C()
try:
    with atomic:
        d["a"] = 2; d["b"] = 3; l.append(3); l[0] = 9; c.x = 5; c.new = 1
        print("not shown", d, l, c.x)
        raise ValueError("undo")
except ValueError as error:
    print(error)
print(d, l, c.x, hasattr(c, "new"))
with atomic:
    d["a"] = 10; l.clear()
print(d, l)
# Output of an inner block that is undone goes, what came before stays.
with atomic:
    print("before")
    try:
        with atomic:
            print("not shown")
            d["a"] = 11
            1 / 0
    except ZeroDivisionError:
        print("caught", d)
    with atomic(on_error="keep"):
        d["a"] = 12
print(d)
