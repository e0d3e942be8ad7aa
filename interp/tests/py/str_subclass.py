class Name(str):
    def __new__(cls, value, extra=None):
        self = super().__new__(cls, value.strip())
        self.extra = extra
        return self
    def shout(self):
        return self.upper() + "!"
n = Name("  bob ", extra=1)
print(n, n.extra, n.shout(), type(n.upper()), type(n + "x"), n == "bob", {n: 1}["bob"], hash(n) == hash("bob"), isinstance(n, str), repr(n), type(str(n)), n[0])
