class A:
    def __eq__(self, o): raise ValueError("eq")
    def __hash__(self): return 1
    def __bool__(self): raise ValueError("bool")
    def __len__(self): raise ValueError("len")
    def __iter__(self): raise ValueError("iter")
    def __getattr__(self, n): raise ValueError("getattr " + n)
    def __repr__(self): raise ValueError("repr")
    def __call__(self): raise ValueError("call")
    def __enter__(self): raise ValueError("enter")
    def __exit__(self, *a): print("exit")
    def __lt__(self, o): raise ValueError("lt")
    def __contains__(self, o): raise ValueError("contains")
    def __index__(self): raise ValueError("index")
    def __format__(self, s): raise ValueError("format")
a = A()
for text in ("a == 1", "1 == a", "not a", "len(a)", "[*a]", "a.x", "hasattr(a, 'x')", "str(a)", "a()", "sorted([a, a])", "1 in a", "a in [1]", "[1][a:]", "f'{a}'", "{a: 1, A(): 2}", "[1, 2].index(a)", "range(a)", "max(a, a)", "if_ = 1 if a else 2", "x, y = a", "print(*a)", "while a: pass", "with a: pass"):
    try:
        exec(text)
        print(text, "fine")
    except Exception as error:
        print(text, type(error).__name__, error)
