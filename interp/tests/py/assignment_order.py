log = []
class T:
    def __getitem__(self, k):
        log.append(("get", k))
        return k
    def __setitem__(self, k, v):
        log.append(("set", k, v))
    def __setattr__(self, k, v):
        log.append(("attr", k, v))
t = T()
def f(x):
    log.append(x)
    return x
t[f(1)], t[f(2)] = f(10), f(20)
t[f(3)] = t.name = f(30)
t[f(4)] += f(5)
print(log)
i = 0
a = [0, 0, 0]
i, a[i] = 1, 9
print(i, a)
