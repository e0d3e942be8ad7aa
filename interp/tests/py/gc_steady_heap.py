"""What a heap that has not grown for many collections keeps: what old classes, tuples and functions get later."""


class Base:
    kind = "base"


class Old(Base):
    pass


holder = ([], {})
pair = (holder, Old)


def churn():
    for i in range(40_000):
        x = [i, str(i), (i, i + 1)]
    return len(x)


def method(n):
    def call(self):
        return f"call {n}"

    return call


for turn in range(6):
    for _ in range(8):
        churn()
    # Nothing but an old class refers to these.
    Base.call = method(turn)
    Old.__len__ = lambda self, n=turn: n + 10
    Old.data = {"turn": [turn] * 3}
    pair[0][0].append(str(turn) + "!")
    holder[1][turn] = f"value {turn}"
    Extra = type("Extra", (Base,), {"call": method(-turn)})
    churn()
    old = Old()
    print(old.call(), len(old), Old.data, pair[0][0], holder[1][turn], Extra().call())

del Base.call, Old.__len__
for _ in range(8):
    churn()
print(hasattr(Old(), "call"), hasattr(Old, "__len__"), Old.kind)
