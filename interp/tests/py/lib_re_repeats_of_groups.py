# Repeats of groups with what else a pattern may have: marks put back, assertions, references, cases, kinds of text.
import re


def show(pattern, *texts, flags=0):
    p = re.compile(pattern, flags)
    for text in texts:
        m, f = p.search(text), p.fullmatch(text)
        print(ascii(pattern), m and (m.regs, m.lastindex), f and f.regs)
        print("   ", ascii(p.findall(text)), ascii(p.split(text)), ascii(p.sub(text[:0], text)))


# Groups keep what the last item that stayed has given them.
show(r"(?:(a)|(b)|c)*", "abcab", "cc")
show(r"(?:(a)(x)?|b)+c", "axabac", "abxc")
show(r"((a)|(b))*?(?:c|$)", "abc", "ba")
show(r"(?:(\w)(?=(\w)))*", "abcd")
show(r"(?:(a)(?!(b)))+", "aaab")
show(r"(?:(?<=(a))b|a)+", "abab", "bab")
show(r"(?:(?<!a)b|a)+", "abab", "bbab")
show(r"(?:(?>a+)b|a)*c", "aabac", "aaac")
show(r"(?:ab|a)++b", "abab", "aab")
show(r"(?:a|ab){2,3}+", "aab", "abab")
show(r"(?:|a)*+b", "aab")

# References to groups that change.
show(r"(?:(a|b)\1)+", "aabba", "abba")
show(r"(?:(a|b)(?(1)c|d))*e", "acbce", "ade")
show(r"(?:(x)?y(?(1)z|w))+", "xyzyw", "xywyz")
show(r"(?:(k)\1)+", "kK\u212ak", "kK", flags=re.I)
show(r"(?:(k)\1)+", "kK\u212ak", "kKkk", flags=re.I | re.A)
show(rb"(?:(k)\1)+", b"kKkk", b"k\xe9", flags=re.I | re.L)

# Characters: sets, categories, cases.
show(r"(?:[a-c]\d|[^\W\d])+", "a1z\u0664c\u0664", "1")
show(r"(?:[\u0430-\u044f\u0451]+\s?)+", "\u0436\u0451 \u0430", "\u0416")
show(r"(?:[\u0430-\u044f\u0451]+\s?)+", "\u0416\u0401 a", flags=re.I)
show(r"(?:[\U00010400-\U00010410]x)+", "\U00010428x\U00010401X", flags=re.I)
show(r"(?:[^\u0436]\u0436)*", "a\u0436\ud800\u0436\U0001f600\u0436")
show(r"(?:\ud800.)+", "\ud800\ud800\ud800a")
show(rb"(?:[\x80-\xff]\w)+", b"\x80a\xffb\xc0\xc0")
show(r"(?:.\n?)+", "a\nb\n\nc")
show(r"(?:^a$\n?)+", "a\na\n", "ba\na", flags=re.M)
show(r"(?:\b\w+\b\W*)+?$", "one, two", "")
show(r"(?:a\Z|ab)+", "aba", "ab\n")

# Where to begin and to end.
p = re.compile(r"(?:ab|b)+")
for pos, end in (0, 9), (1, 9), (2, 3), (1, 4), (4, 2):
    print([p.search("xabab", pos, end), p.match("xabab", pos, end), p.fullmatch("xabab", pos, end)])
p = re.compile(r"(?:\u0436b|b)+")
print([m.span() for m in p.finditer("x\u0436b\u0436bxb\U0001f600\u0436b")], p.search("\u0436\u0436b", 1).span())
print(p.search("\u0436\u0436b\u0436b", 0, 4).span(), re.search(r"(?:^|x)+b", "xb", re.M).span())
scanner = re.compile(r"(?:a|b)+|()").scanner("abcb")
print([scanner.match() and 1, scanner.match(), scanner.search(), scanner.search(), scanner.search()])

# Long subjects, and many ways.
n = 100_000
print(re.match(r"(?:a|b)*c", "ab" * n + "c").end(), re.match(r"(?:(a)|b)*?c", "ab" * n + "c").regs)
print(re.match(r"(?:ab?)*d", "ab" * n), re.match(r"(?:(?:a|b){2}){3,}$", "ab" * n).end())
print(re.match(r"(?:(x+x+)+y)+", "x" * 12 + "y" + "xxy").regs, re.match(r"(x+x+)+y", "x" * 14))
print(re.search(r'("(?:[^"\\]|\\.)*")', r'say "a\"b" and "c"').regs, re.search(r"(\w+\s*)+;", "a bc  d;").regs)
