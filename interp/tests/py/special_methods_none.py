class N:
    __iter__ = __contains__ = __len__ = __add__ = __call__ = __getitem__ = __bool__ = __reversed__ = __eq__ = __hash__ = None
n = N()
for text in ("iter(n)", "1 in n", "len(n)", "n + 1", "n()", "n[0]", "bool(n)", "reversed(n)", "n == n", "hash(n)", "[*n]", "n != 1"):
    try: print(text, eval(text))
    except TypeError as e: print(text, e)
