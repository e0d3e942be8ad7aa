def f(x):
    match x:
        case []: return "empty"
        case [a]: return f"one {a}"
        case [1, *rest]: return f"one then {rest}"
        case (a, b): return f"two {a} {b}"
        case [first, *_, last] if first == last: return f"same ends {first}"
        case [*_, [x, y]]: return f"ends in pair {x} {y}"
        case [a, b, *c]: return f"{a} {b} {c}"
        case _: return "no"
for x in ([], [5], [1, 2, 3], (7, 8), "ab", [4, 5, 4], [9, 9, [1, 2]], [3, 4, 5], {1: 2}, range(3), b"ab", iter([1]), bytearray(b"a"), {1, 2}):
    print(type(x).__name__, f(x))
