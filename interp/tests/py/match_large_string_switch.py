def op(name, a, b):
    match name, a, b:
        case "add", _, _: return a + b
        case "sub", _, _: return a - b
        case "mul", (0 | None), _: return 0
        case "mul", _, _: return a * b
        case "div", _, 0: return "div by zero"
        case "div", _, _: return a / b
        case str() as other, _, _: return f"unknown {other}"
print([op(n, a, b) for n in ("add", "sub", "mul", "div", "pow") for a, b in ((0, 3), (4, 0), (6, 3))])
