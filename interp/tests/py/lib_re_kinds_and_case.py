# Replacements of the other kind than the subject, and letters that count as equal though neither is the other's case.
import re

for pattern, repl, subject in [
    (".", b"b", "c"),
    (".", b"b", ""),
    ("c", b"b", "ac"),
    (b".", "b", b"c"),
    (b"c", "b", b"ac"),
    (b".", bytearray(b"xy"), b"c"),
    (b".", memoryview(b"xy"), b"c"),
    ("x", b"b", "c"),
]:
    try:
        print(re.sub(pattern, repl, subject))
    except TypeError as e:
        print("TypeError", "expected" in str(e))
for a, b in ("\ufb05", "\ufb06"), ("\u0130", "i"), ("\u0131", "i"), ("\u1e9e", "\xdf"), ("\u0345", "\u03b9"), ("\u1fd3", "\u0390"):
    print([bool(re.fullmatch(x, y, re.I)) for x, y in ((a, b), (b, a), (f"[{a}]", b), (f"[{b}-{b}]", a), (a, a))])
for call in (
    lambda: str(b"x", "ascii", encoding="ascii"),
    lambda: "a".split(" ", sep=" "),
    lambda: b"x".decode("ascii", encoding="ascii"),
):
    try:
        call()
    except TypeError as e:
        print(e)
