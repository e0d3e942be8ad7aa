import sys, io
print()
print(1, "a", None, [1], sep="|", end="!\n")
print("x", end="")
print("y", sep=None, end=None)
out = io.StringIO()
print("to", "file", file=out, flush=True)
print(repr(out.getvalue()))
print(*range(3), sep=", ")
for kw in ({"sep": 5}, {"end": 5}, {"file": 5}, {"bad": 1}):
    try:
        print("x", **kw)
    except Exception as error:
        print(type(error).__name__, error)
class W:
    def write(self, s): sys.stdout.write(f"[{s}]")
print("a", "b", file=W())
print()
print("é", "日本", "\U0001f600")
