def f(x):
    match x:
        case {"type": "circle", "r": r}: return f"circle {r}"
        case {"type": "rect", "size": [w, h], **rest}: return f"rect {w} {h} {rest}"
        case {"a": {"b": {"c": deep}}}: return f"deep {deep}"
        case {1: one, None: none}: return f"{one} {none}"
        case {**everything} if everything: return f"some {everything}"
        case {}: return "mapping"
        case _: return "no"
for x in ({"type": "circle", "r": 2, "x": 0}, {"type": "rect", "size": (1, 2), "c": "red"}, {"a": {"b": {"c": 5}}}, {1: "a", None: "b"}, {"q": 1}, {}, [1]):
    print(f(x))
from collections import defaultdict
d = defaultdict(list)
match d:
    case {"k": v}: print("created", v)
    case _: print("not created", dict(d))
