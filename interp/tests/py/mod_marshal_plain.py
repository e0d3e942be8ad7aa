import io, marshal
values = [None, True, ..., 0, -5, 2**31, -2**100, 10**50, 1.5, float("inf"), 1 + 2j, "", "text", "\u00e9\U0001f600", "\ud800", b"bytes", (), (1, (2,)), [1, [2]], {"a": [1], 2: None}, {1}, frozenset({2}), StopIteration]
for value in values:
    data = marshal.dumps(value)
    print(repr(marshal.loads(data)) == repr(value), marshal.loads(marshal.dumps(value, 2)) == value)
shared = ["x" * 3]
again = marshal.loads(marshal.dumps([shared, shared]))
print(again, again[0] is again[1])
loop = []
loop.append(loop)
print(marshal.loads(marshal.dumps(loop))[0][0] is not loop)
code = compile("y = x + 1\ndef f(a, *b): return (a, b, y)", "somewhere", "exec")
space = {"x": 41}
exec(marshal.loads(marshal.dumps(code)), space)
print(space["y"], space["f"](1, 2), space["f"].__code__.co_filename)
file = io.BytesIO()
marshal.dump([1, "a"], file)
marshal.dump(2, file)
file.seek(0)
print(marshal.load(file), marshal.load(file))
for call in (lambda: marshal.dumps(object()), lambda: marshal.loads(b""), lambda: marshal.loads(b"?"), lambda: marshal.loads(b"i\1"), lambda: marshal.loads(b"(\5\0\0\0"), lambda: marshal.loads(b"s\xff\xff\xff\xff"), lambda: marshal.loads(b"r\0\0\0\0"), lambda: marshal.dumps(code, allow_code=False), lambda: marshal.loads("text")):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
