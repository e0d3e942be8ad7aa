log = []
class Key:
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        log.append(("hash", self.n))
        return self.n % 2
    def __eq__(self, other):
        log.append(("eq", self.n, other.n))
        return self.n == other.n
    def __repr__(self):
        return f"K{self.n}"
d = {Key(1): "one", Key(2): "two", Key(3): "three"}
print(d[Key(3)], Key(5) in d, len(d), d)
print(log)
class Bad:
    def __hash__(self):
        raise ValueError("no hash")
class BadEq:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        raise ValueError("no eq")
for call in (lambda: {Bad(): 1}, lambda: {BadEq(): 1, BadEq(): 2}, lambda: {1: 2}[Bad()], lambda: hash(type("H", (), {"__hash__": lambda s: "x"})()), lambda: hash(type("H", (), {"__eq__": lambda s, o: 1})())):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
