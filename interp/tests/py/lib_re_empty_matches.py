# Empty matches at the end of the subject, and of empty subjects.
import re

print(re.search("", ""), re.compile("a*").search(""), re.compile("a*").search("b", 1))
print(re.findall(".*", "asdf"), re.findall(b"x*", b"axb"), re.findall(r"\b|:+", "a::bc"))
print([m.span() for m in re.finditer("a*", "baac")], re.split("x*", "axbc"), re.sub("x*", "-", "abxd"))
print(re.search("$", "ab", 0), re.compile("$").search("abc", 2, 2), re.compile("").search("abc", 3))
print(re.findall("é*", "aé"), re.findall("", "\ud800"), re.search("(?i)a*", ""), re.findall("^|$", "a\nb", re.M))
