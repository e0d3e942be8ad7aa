print(list("héé"), [c for c in "abc"], *"xy", dict(zip("ab", "cd")), "".join(reversed("abc")), list(enumerate("ab", 1)))
it = iter("ab")
print(next(it), next(it), next(it, "end"), it.__length_hint__())
