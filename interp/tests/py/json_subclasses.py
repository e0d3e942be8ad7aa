import enum, json
class E(enum.IntEnum):
    S = 1
    B = 2**40
    H = 2**70
class X(float, enum.Enum):
    V = 1.5
class I(int): pass
class S(str): pass
class T(tuple): pass
class D(dict): pass
print(json.dumps([E.S, E.B, E.H, X.V, I(5), I(-2**80), S("s"), T((1,)), D(a=1), True]))
print(json.dumps({E.S: 1, I(7): I(8), S("k"): None, X.V: 2}))
print(json.loads(json.dumps({"a": [I(1), I(2**64)]})))
