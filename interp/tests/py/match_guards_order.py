log = []
def g(v, r):
    log.append(v)
    return r
match 5:
    case x if g(1, False): pass
    case x if g(2, True): log.append("second")
    case x if g(3, True): pass
print(log, x)
class Eq:
    def __init__(self, n): self.n = n
    def __eq__(self, o): log.append(("eq", self.n, o)); return self.n == o
match Eq(2):
    case 1: pass
    case 2: log.append("two")
print(log)
