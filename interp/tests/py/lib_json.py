import json
data = {"a": [1, 2.5, None, True, "é\n\"q\""], "b": {"c": {}}, "d": [], "e": -0.0, "f": 1e100, "g": 10 ** 30}
text = json.dumps(data)
print(text, json.loads(text) == data, json.dumps(data, indent=2, sort_keys=True), json.dumps([1, 2], separators=(",", ":")), json.dumps("é", ensure_ascii=False), json.dumps({1: 2, None: 3, True: 4, 1.5: 5}), json.dumps(float("nan")), json.dumps("\U0001f600\u2028"))
print(json.loads(' [1, 2.0, "\\u00e9\\n", true, null, -1e3, {"k": []}] '), json.loads("1"), json.loads('"a"'), json.loads(b'{"x": 1}'), json.loads("[1.5]", parse_float=str), json.loads('{"a": 1}', object_pairs_hook=list), json.loads('{"a": 1}', object_hook=lambda d: ("hook", d)), json.loads("NaN"), json.loads('"\\ud83d\\ude00"'))
for bad in ("", "{", "[1,]", "{'a': 1}", '{"a" 1}', '"abc', "nul", "[1 2]", '"\\x"', "1 2", '{"a": 1,}', '"\n"'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(repr(bad), error)
class E(json.JSONEncoder):
    def default(self, o): return sorted(o) if isinstance(o, set) else super().default(o)
print(json.dumps({"s": {2, 1}}, cls=E), json.dumps({1, 2}, default=sorted))
loop = []; loop.append(loop)
for bad in ({1, 2}, {(1,): 2}, loop):
    try:
        json.dumps(bad)
    except Exception as error:
        print(type(error).__name__, error)
import io; s = io.StringIO(); json.dump([1], s); print(s.getvalue(), json.load(io.StringIO("[2]")))
import enum


class Size(enum.IntEnum):
    BIG = 1 << 70
    SMALL = 1


print(json.dumps([Size.BIG, Size.SMALL]), json.dumps({Size.BIG: Size.SMALL}), json.dumps(type("Int", (int,), {})(5)))
