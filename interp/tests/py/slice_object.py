s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(None, -1).indices(10), slice(5), s == slice(1, 10, 2), slice(1) < slice(2), slice(None, None, -1).indices(3))
class G:
    def __getitem__(self, i):
        return i
g = G()
print(g[1], g[1:2], g[::2], g[1, 2], g[1:2, ..., 3], g[()], g[None], g[:, 1], g["a":"b"], g[*range(3)], g[*[1], 2:3])
for call in (lambda: slice(), lambda: slice(1, 2, 0).indices(5), lambda: slice("a").indices(5), lambda: s.indices(-1)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
print(hash(s) == hash(slice(1, 10, 2)))
