# Order of a dict and equality of sets do not depend on hash randomization.
words = "the quick brown fox jumps over the lazy dog".split()
d = dict.fromkeys(words)
print(list(d), {*words} == set(reversed(words)), len({*words}), sorted({*words}))
