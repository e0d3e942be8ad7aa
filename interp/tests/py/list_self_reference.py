a = [1]
a.append(a)
print(a, a[1] is a, repr(a), len(a))
d = {}
d["me"] = d
print(d)
t = ([],)
t[0].append(t)
print(t)
