import contextlib
class Rec(contextlib.AbstractContextManager):
    def __init__(self, n, log): self.n, self.log = n, log
    def __enter__(self): self.log.append(f"+{self.n}"); return self
    def __exit__(self, t, v, tb): self.log.append(f"-{self.n}{'!' if t else ''}"); return self.n == 2
log = []
with Rec(1, log), Rec(2, log), Rec(3, log): raise ValueError
print(log); log.clear()
def f():
    for i in range(3):
        with Rec(i, log):
            if i == 1: return "returned"
print(f(), log); log.clear()
try:
    with Rec(1, log): raise KeyError("k")
except KeyError as e: print(e, log)
with Rec(5, log) as a, contextlib.suppress(ZeroDivisionError): a.x = 1; 1 / 0
print(a.x, log)
