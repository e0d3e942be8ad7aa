ﬁ = 5
print(fi, "ﬁ" in globals(), "fi" in globals())
变量 = "ok"
print(变量)
class Ünï:
    ä = 1
print(Ünï.ä, Ünï.__name__)
