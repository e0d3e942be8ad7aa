class NoExit:
    def __enter__(self): return 1
class NoEnter:
    def __exit__(self, *a): pass
for c in (NoExit(), NoEnter(), 5):
    try:
        with c:
            print("inside")
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
class E:
    def __init__(self, n): self.n = n
    def __enter__(self): return self
    def __exit__(self, *a): raise KeyError(f"exit {self.n}")
try:
    with E(1), E(2):
        raise ValueError("body")
except KeyError as error:
    print(error, repr(error.__context__), repr(error.__context__.__context__))
class B:
    def __enter__(self): return self
    def __exit__(self, *a):
        class T:
            def __bool__(self):
                print("bool asked")
                return True
        return T()
with B():
    raise ValueError
print("after")
