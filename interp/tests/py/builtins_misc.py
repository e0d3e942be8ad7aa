print(abs(-3), divmod(7, -2), hash("a") == hash("a"), id(None) == id(None), callable(len), hex(255), len("abc"), ascii("é"), bin(5), repr("x"), type(1) is int, isinstance(1, object), issubclass(bool, int))
print(getattr("abc", "upper")(), getattr(1, "nope", "d"), hasattr([], "append"), vars(type("T", (), {"a": 1})())  , sorted([3, 1]), list(reversed([1, 2])), next(iter([5])), slice(1), object() == object(), pow(2, 3))
for text in ("vars(5)", "len(5)", "hash([])", "getattr(1)", "iter(1)", "next([])", "input", "ord(5)", "isinstance(1, 1)", "setattr(1, 'a', 1)", "delattr(1, 'a')", "dir(1, 2)", "round('a')", "bin(1.5)", "getattr(1, 5)", "callable()", "sum(5)", "any(5)", "abs('a')", "id()", "chr(1.5)", "sorted(1)", "zip(1)", "map()", "vars(1, 2)", "hex('a')", "divmod(1, 'a')", "format(1, 2)", "repr()", "all()", "enumerate(5)", "range('1')", "breakpoint"):
    try:
        r = eval(text)
        print(text, callable(r))
    except Exception as error:
        print(text, type(error).__name__, error)
