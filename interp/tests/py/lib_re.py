import re
m = re.match(r"(?P<y>\d{4})-(?P<m>\d\d)", "2024-05 rest")
print(m, m.group(), m.group("y"), m.groups(), m.groupdict(), m.span(), m.start("m"), m[1], m.end(), m.re.pattern, m.string, m.lastgroup, m.pos)
print(re.findall(r"\w+", "a bc, d"), re.findall(r"(\w)(\d)", "a1 b2"), re.split(r"[,;]\s*", "a, b;c"), re.split(r"(,)", "a,b"), re.sub(r"\d", "#", "a1b2"), re.sub(r"(\w)(\d)", r"\2\1", "a1"), re.sub("x", lambda m: m[0].upper(), "axb", count=1), re.subn("a", "b", "aa"), re.fullmatch("a+", "aab"), re.search("b", "abc").start())
print([x.group() for x in re.finditer("a.", "abac")], re.escape("a.b*c"), re.compile("A", re.I).findall("aA"), re.findall("^a", "a\na", re.M), re.findall("a.b", "a\nb", re.S), re.sub(r"(?x) a  b # comment", "-", "ab"), re.match(r"(a)|(b)", "b").groups(), re.match(r"(?:a|b)+?", "abab")[0], re.search(r"(?<=x)y(?=z)", "xyz").span(), re.findall(r"(?i:A)b", "ab AB"), re.match(r"(\w)\1", "aa") is not None, re.findall(r"\bfoo\b", "foo food foo"), re.match(r"a{2,3}", "aaaa")[0], re.search(r"[^\W\d]+", "12ab").group(), re.findall("é", "éa"), re.findall(rb"\d", b"a1"), re.match(r"(?>a+)b", "aab")[0], re.match("a++b", "aab")[0])
p = re.compile(r"(a)(b)?"); print(p.groups, p.flags, p, p.match("a").group(2), p.match("a").groups("d"), p.search("xxab", 2).span(), p.match("a").expand(r"\1!"), p.groupindex)
for pattern in ("(", "a**", "[", "(?P<1>a)", r"\1", "(?<=a+)b", "a{3,2}", "(?z)", "*"):
    try:
        re.compile(pattern)
    except re.error as error:
        print(pattern, error, error.pos)
