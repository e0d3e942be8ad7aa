import re, pprint
for pattern in ("x*", "", "a?", "(a*)", "$", r"\b", "x*$", r"\S*\s*"):
    for text in ("", "a", "aa", "ba c"):
        print(repr(pattern), repr(text), re.search(pattern, text) and re.search(pattern, text).span(), re.findall(pattern, text), re.sub(pattern, "-", text), re.split(pattern, text), [m.span() for m in re.finditer(pattern.encode(), text.encode())], re.findall(pattern, text + "é"))
pprint.pprint("the quick brown fox jumped over the lazy dog. " * 3)
