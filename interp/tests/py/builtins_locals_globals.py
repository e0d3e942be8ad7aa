g = 1
def f(a, b=2):
    c = 3
    def inner(): return c
    d = locals()
    e = 5
    return d.keys(), globals()["g"], "e" in d
print(*f(1))
class C:
    x = 1
    print(sorted(k for k in locals() if not k.startswith("__")))
globals()["made"] = 9
print(made, vars() is globals(), locals() is globals())
import builtins
builtins.everywhere = "yes"
print(everywhere)
len_backup = len
def len(x): return "mine"
print(len([]), builtins.len([]))
del len
print(len([1]))
