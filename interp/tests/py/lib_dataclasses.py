from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError, KW_ONLY, is_dataclass, make_dataclass
@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)
    hidden: str = field(default="h", repr=False)
    def __post_init__(self): self.sum = self.x + self.y
a, b = P(1, 2), P(1, 2, ["t"])
print(a, a == b, a.sum, asdict(b), astuple(a), replace(a, x=5), [f.name for f in fields(P)], is_dataclass(a), P.__match_args__)
@dataclass(frozen=True, order=True)
class F:
    n: int
    name: str = "z"
print(F(1) < F(2), sorted([F(2), F(1, "a")]), hash(F(1)) == hash(F(1)), {F(1): 1}[F(1)])
try:
    F(1).n = 2
except FrozenInstanceError as error:
    print(error)
@dataclass(kw_only=True, slots=True)
class K(object):
    a: int
    b: int = 2
print(K(a=1), K.__slots__)
@dataclass
class Child(P):
    _: KW_ONLY
    z: int = 9
print(Child(1, z=5))
print(make_dataclass("M", ["a", ("b", int, 3)])(1))
for text in ("P()", "K(1)", "@dataclass\nclass B:\n x: int = 1\n y: int", "@dataclass\nclass B:\n x: list = []", "F(1) < 5"):
    try:
        exec(text)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
