# requires: taipan
from transaction import atomic
class Account:
    def __init__(self, n): self.n = n
    def take(self, k):
        with atomic:
            self.n -= k
            if self.n < 0: raise ValueError(f"short by {-self.n}")
            return self.n
a = Account(10)
print(a.take(3), a.n)
try: a.take(100)
except ValueError as e: print(e, a.n)
gen_log = []
def g():
    with atomic: gen_log.append("a")
    yield 1
    with atomic: gen_log.append("b")
print(list(g()), gen_log)
s = set(); t = {1: [1]}
try:
    with atomic:
        s.add(1); t[1].append(2); t[2] = t.pop(1); del t[2][0]
        1 / 0
except ZeroDivisionError: pass
print(s, t)
