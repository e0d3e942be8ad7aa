import types
def f(): print("f ran")
exec(f.__code__)
eval(f.__code__)
def make():
    n = 5
    def g():
        nonlocal n
        n += 1
        return n
    return g
g = make()
exec(g.__code__, globals(), closure=g.__closure__)
print(g())
def h(x): pass
try:
    exec(h.__code__)
except TypeError as e:
    print(e)
space = {}
types.FunctionType(compile("x = 1", "", "exec"), space)()
print(space["x"], types.FunctionType(compile("x + 1", "", "eval"), space)())
