import re
def tokens(s): return re.findall(r"\d+\.?\d*|[-+*/()]", s)
def parse(s):
    t = tokens(s); pos = 0
    def peek(): return t[pos] if pos < len(t) else None
    def take():
        nonlocal pos
        pos += 1
        return t[pos - 1]
    def factor():
        if peek() == "(":
            take(); v = expr(); assert take() == ")"; return v
        if peek() == "-": take(); return -factor()
        return float(take())
    def term():
        v = factor()
        while peek() in ("*", "/"): v = v * factor() if take() == "*" else v / factor()
        return v
    def expr():
        v = term()
        while peek() in ("+", "-"): v = v + term() if take() == "+" else v - term()
        return v
    return expr()
for s in ("1 + 2 * 3", "(1 + 2) * 3", "-2 * (3 - 5) / 4", "10 / 4 - 1"): print(s, "=", parse(s), eval(s))
