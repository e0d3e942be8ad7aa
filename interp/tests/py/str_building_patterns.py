parts = []
for i in range(1000): parts.append(str(i)); parts.append(",")
s = "".join(parts); print(len(s), s[:20], s[-9:], s.count(","))
t = ""
for i in range(300): t = str(i) + t
print(len(t), t[:9]); u = "%s-" * 3 % ("a", "b", "c"); print(u, "ab" "cd" * 2, "-".join("abc"), "x".join(["1"] * 4))
r = "".join(reversed("héllo wörld")); print(r, r.encode().decode() == r, "".join(sorted(set("banana"))), " ".join(w.capitalize() for w in "the end".split()))
import io
b = io.StringIO()
for i in range(5): print(i, file=b, end=";")
print(b.getvalue(), "{:>{w}}|{:<{w}}|".format("r", "l", w=4), f"{'a':-^9}", "tab\tsep".expandtabs(8), "a,b;c".translate(str.maketrans(",;", "  ")).split())
