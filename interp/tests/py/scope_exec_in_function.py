def f():
    x = 1
    exec("x = 2\ny = 3")
    d = {}
    exec("z = x + 1" if False else "z = 5", {}, d)
    return x, d
print(f())
g = {"a": 1}
exec("b = a + 1\ndel a", g)
print(g["b"], "a" in g)
class L(dict):
    def __missing__(self, k): return f"<{k}>"
exec("r = undefined_name", {}, l := L())
print(l["r"], eval("foo + bar", {"foo": 1}, {"bar": 2}))
print(eval("__name__"), eval("__name__", {"__name__": "x"}), [eval("i * 2") for i in range(3)])
code = compile("for i in range(2): total += i", "<c>", "exec")
ns = {"total": 10}; exec(code, ns); exec(code, ns); print(ns["total"])
