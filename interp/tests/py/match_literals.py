def f(x):
    match x:
        case 0: return "zero"
        case 1 | 2 | 3: return "small"
        case -1: return "minus"
        case 1.5: return "float"
        case 1 + 2j: return "complex"
        case "a" "b": return "str"
        case b"x": return "bytes"
        case None: return "none"
        case True: return "true"
        case False: return "false"
        case _: return "other"
for x in (0, 2, -1, 1.5, 1 + 2j, "ab", b"x", None, True, False, 0.0, "zz", [], 4):
    print(repr(x), f(x))
