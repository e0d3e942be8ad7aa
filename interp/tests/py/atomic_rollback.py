# requires: taipan
from transaction import atomic
d, l = {"a": 1}, [1, 2]
class C: x = 1
c = C()
try:
    with atomic:
        d["a"] = 2; d["b"] = 3; l.append(3); l[0] = 9; c.x = 5; c.new = 1; C.y = 2
        print("inside", d, l, c.x)
        raise ValueError("undo")
except ValueError as error:
    print(error)
print(d, l, c.x, hasattr(c, "new"))
with atomic:
    d["a"] = 10; l.clear()
print(d, l)
# known-failing: line 1: `inside {'a': 2, 'b': 3} [9, 2, 3] 5` is `undo`
