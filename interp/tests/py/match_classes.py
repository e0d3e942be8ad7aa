class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def f(p):
    match p:
        case Point(0, 0): return "origin"
        case Point(x, 0): return f"on x {x}"
        case Point(x=0, y=y): return f"on y {y}"
        case Point(x, y) if x == y: return f"diagonal {x}"
        case Point(): return "point"
        case int(n) | float(n) if n > 100: return f"big {n}"
        case int(n): return f"int {n}"
        case str() as s: return f"str {s}"
        case bool(): return "never"
        case [Point(x=a), Point(x=b)]: return f"points {a} {b}"
        case dict(d): return f"dict {d}"
        case list(l) if len(l) > 2: return f"list {l}"
        case _: return "?"
for p in (Point(0, 0), Point(3, 0), Point(0, 4), Point(5, 5), Point(1, 2), 500, 7, 200.5, "s", True, [Point(1, 1), Point(2, 2)], {1: 2}, [1, 2, 3], None):
    print(f(p))
for text in ("match Point(1, 2):\n case Point(1, 2, 3): pass", "match 5:\n case 5(): pass", "match 5:\n case int(1, 2): pass", "n = 5\nmatch 5:\n case n(): pass", "match Point(1,2):\n case Point(1, x=2): pass"):
    try:
        exec(text)
        print("ok")
    except Exception as error:
        print(type(error).__name__, error)
