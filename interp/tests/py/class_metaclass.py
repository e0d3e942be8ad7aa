class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print("new", name, kw)
        ns["added"] = True
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        print("init", name)
    def __call__(cls, *a):
        print("call", cls.__name__, a)
        return super().__call__(*a)
    @classmethod
    def __prepare__(m, name, bases, **kw):
        print("prepare", name)
        return {"prepared": 1}
    def __len__(cls): return 7
    def __getattr__(cls, name): return f"meta {name}"
    def __repr__(cls): return f"<{cls.__name__}>"
    def __iter__(cls): return iter("xyz")
    def __contains__(cls, x): return x == 1
    def __instancecheck__(cls, x): return x == "magic"
class A(metaclass=Meta, key=1):
    def __init__(self, x=0): self.x = x
class B(A): pass
b = B(5)
print(b.x, A.added, A.prepared, len(B), A.anything, B, list(A), 1 in A, type(B) is Meta, isinstance("magic", A), isinstance(b, B))
for text in ("class C(A, metaclass=type): pass", "class M2(type): pass\nclass C(A, metaclass=M2): pass"):
    try:
        exec(text)
    except TypeError as error:
        print(error)
