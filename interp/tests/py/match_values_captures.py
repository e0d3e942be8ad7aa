import enum
class Color(enum.Enum):
    RED = 1
    BLUE = 2
class NS:
    limit = 10
def f(x):
    match x:
        case Color.RED: return "red"
        case Color.BLUE as c: return f"blue {c}"
        case NS.limit: return "limit"
        case (1 | 2 as low, (3 | 4) as high): return f"{low} {high}"
        case [Color.RED, x]: return f"red and {x}"
        case other: return f"captured {other}"
for x in (Color.RED, Color.BLUE, 10, (1, 4), [Color.RED, 5], "z"):
    print(f(x))
match 1, 2:
    case a, b: print(a, b)
match = 5
case = 6
print(match, case)
match (match):
    case 5: print("soft keyword")
match [1, 2]:
    case [a, 3]: print("no")
    case [a, 2]: print("a", a)
match 5:
    case 6: print("never")
print("fell through")
