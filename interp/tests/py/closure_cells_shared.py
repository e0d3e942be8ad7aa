def make():
    x = [0]
    def a(): x.append(1); return x
    def b(): nonlocal x; x = ["new"]
    return a, b, lambda: x
a, b, get = make()
a(); b(); print(get(), a(), get())
cells = a.__closure__
print(len(cells), cells[0].cell_contents, cells[0] == get.__closure__[0])
cells[0].cell_contents = "set"
print(get())
import types
c = types.CellType(5); print(c.cell_contents, types.FunctionType(get.__code__, globals(), "f", None, (c,))())
try:
    types.CellType().cell_contents
except ValueError as error:
    print(error)
