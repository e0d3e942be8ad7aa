d = {"key": "value"}
print(f"{d["key"]} {d['key']} {"\n".join(["a", "b"])} {f"{f"{1 + 1}"}"}")
print(f"{
    d  # a comment
    ["key"]
}")
print(f"""{
    1 +
    2}""", f"{'\t'!r}", f"{d['key']:*^{len('abcdefghi')}}", f"{'{'}{'}'}")
