# The bytes of pickles: the same as CPython's.
import collections, hashlib, io, pickle
class P:
    def __init__(self, **state): self.__dict__.update(state)
class Slots:
    __slots__ = ("x", "y")
class MyList(list): pass
class MyDict(dict): pass
slots = Slots(); slots.x = 1
shared = ["shared"]
cases = [
    [None, True, False, ..., NotImplemented, ...],
    [0, 1, -1, 255, 256, 65535, 65536, -129, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**62, 2**63, -2**63, 2**64, -2**64],
    [10**50, -10**50, 1 << 2039, 1 << 2040, -(1 << 2047)],
    [127, 128, -32768, -8388608, 8388607, 2**39, -2**39, 2**47 - 1, -2**47, 2**50, -2**50, 2**51],
    [0.0, -0.0, 1.5, 1e300, float("inf")],
    ["", "a", "\u00e9", "\u20ac", "\U0001f600", "a" * 255, "a" * 256, "b\n\r\0\\\x1a\x80", "\ud800"],
    [b"", b"a", b"\xff" * 255, b"x" * 256, bytearray(), bytearray(b"abc")],
    ["x" * 70000, b"y" * 70000, bytearray(b"z" * 70000), 1],
    [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    [[], [1], list(range(999)), list(range(1000)), list(range(1001)), list(range(2001)), shared, shared],
    [{}, {1: 2}, {"a": 1, "b": [1]}, dict.fromkeys(range(1000)), dict.fromkeys(range(1001)), dict.fromkeys(range(2002))],
    [set(), {1}, frozenset(), frozenset([1])],
    [P(), P(a=1), P(a=1, b=[2]), MyList(), MyList([1]), MyList([1, 2]), MyDict(), MyDict(a=1), MyDict(a=1, b=2)],
    [[i, {"id": i, "name": f"n{i}", "tags": ["a", "b"]}] for i in range(3000)],
    [P, P.__init__, type(None), type(...), type(NotImplemented), collections.OrderedDict],
    collections.OrderedDict(a=1, b=2), collections.deque([1, 2], 5), collections.Counter("aab"),
]
for case in cases:
    row = []
    for protocol in range(6):
        data = pickle.dumps(case, protocol)
        file = io.BytesIO()
        pickle.dump(case, file, protocol)
        assert file.getvalue() == data
        row.append(hashlib.md5(data).hexdigest()[:8])
    print(*row, len(data))
print(*(hashlib.md5(pickle.dumps(slots, protocol)).hexdigest()[:8] for protocol in range(2, 6)))
def recursive():
    yield (a := [], a.append(a))[0]
    yield (a := {}, a.update(a=a))[0]
    t = ([],); t[0].append(t); yield t
    t = (1, 2, 3, [], 5); t[3].append(t); yield t
    p = P(); p.me = p; yield p
    p = P(); p.all = {p}; yield p
    p = P(); p.frozen = frozenset([p]); yield p.frozen
for value in recursive():
    print(*(hashlib.md5(pickle.dumps(value, protocol)).hexdigest()[:8] for protocol in range(6)))
    back = pickle.loads(pickle.dumps(value))
    print(type(back).__name__, len(pickle.dumps(back)) == len(pickle.dumps(value)))
