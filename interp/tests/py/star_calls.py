def f(*args, **kw):
    return args, kw
print(f(*[1, 2], 3, *"ab", x=1, **{"y": 2}, **{"z": 3}), f(**{"a b": 1}), f(*(), **{}), f(*range(2), k=0), print(*[1, 2], sep="-"))
for text in ("f(*5)", "f(**5)", "f(**{1: 2})", "f(a=1, **{'a': 2})", "f(**{'a': 1}, **{'a': 2})", "f(*None)", "len(*[])"):
    try:
        eval(text)
    except TypeError as error:
        print(text, error)
