# Repeats inside repeats, lazy ones and ones that may match nothing.
import re

for pattern, text in [
    (r"(?:a|)*?x", "aaax"),
    (r"(?:a|)*?x", "aaay"),
    (r"(?:a*)*?x", "aaab"),
    (r"(a|b*)*?c", "abbac"),
    (r"(?:()|a)*?\1x", "aax"),
    (r"(?:a|){3,}?x", "x"),
    (r"(?:a|){2,4}?x", "aaax"),
    (r"(?:(?:a|)*?b)*?c", "aababc"),
    (r"(?:|a)+?$", "aaa"),
    (r"(?:(?:ab)*?c)*?d", "ababccabcd"),
    (r"(ac|a(?:cab)*?){2,}?[ab]", "abacaa"),
    (r"(c(?:ca+)(?:cb)*?|a(?:bc|cab[ab]+)){2,}?c", "bccaaaaca"),
    (r"(a(?:ba+[ab]){1,2}?|a(bc)+?){2,}?a", "babaaaabc"),
    (r"(cc+|b(?:a[ab])*?(?:cb+b)*){1,2}?a+b+", "cbccbbabca"),
    (r"[ab](ca+){2}[ab]c", "acaacaaaba"),
    (r"(bb|c(b[ab][ab]|b[ab]+)*?){2}c", "acbbbcbba"),
    (r"(?:(a)|b){2,3}?(?:c|(?=d))", "abbd"),
    (r"(?:x(?:ab)+?y)*?z", "xababyxabyz"),
    (r"<(?:[^<>]|<(?:[^<>])*?>)*?>", "a<b<c>d>e"),
]:
    for subject in text, text.replace("a", "\u0436"):
        own = pattern if subject == text else pattern.replace("a", "\u0436")
        m = re.search(own, subject)
        print(ascii(own), m and (m.span(), ascii(m.groups()), m.lastindex))
    m = re.search(pattern.encode(), text.encode())
    print(m and m.regs, [x.span() for x in re.finditer(pattern, text * 2)])
