print("{} {}".format(1, "a"), "{0} {1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{{}} {}".format(5), "{0[1]} {0[key]}".format({1: "one", "key": "v"}), "{0.real} {0.imag}".format(3 + 4j), "{:>5}|{:<5}|{:^5}".format(1, 2, 3))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{:{}}".format("x", 5), "{:{w}.{p}f}".format(3.14159, w=8, p=2), "{a[0][1]}".format(a=[[1, 2]]), "{:%Y}".format(type("D", (), {"__format__": lambda s, f: "spec " + f})()))
for text, args, kw in (("{}", (), {}), ("{a}", (), {}), ("{0} {}", (1, 2), {}), ("{} {0}", (1, 2), {}), ("{", (), {}), ("}", (), {}), ("{!x}", (1,), {}), ("{0.nope}", (1,), {}), ("{0[5]}", ([],), {}), ("{:d}", ("a",), {}), ("{!}", (1,), {}), ("{a.}", (), {"a": 1}), ("{0[}", (1,), {}), ("{:{:{}}}", (1, 2, 3), {})):
    try:
        print(text.format(*args, **kw))
    except Exception as error:
        print(repr(text), type(error).__name__, error)
print("{x}".format_map({"x": 1}), "{:,}".format(10 ** 9), "{:<{}}|".format("a", 3))
