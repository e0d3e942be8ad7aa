import pickle
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
class S:
    def __getstate__(self): return {"only": 1}
    def __setstate__(self, s): self.restored = s
data = [1, -5, 2 ** 100, 1.5, "é", b"b", None, True, (1, 2), [3], {"k": {1}}, frozenset([2]), 1j, ..., P([1]), range(3), len, P]
for protocol in range(2, 6):
    print(pickle.loads(pickle.dumps(data, protocol)) == data, end=" ")
print(pickle.loads(pickle.dumps(S())).restored)
l = []; l.append(l); m = pickle.loads(pickle.dumps(l)); print(m[0] is m)
try:
    pickle.dumps(lambda: 0)
except Exception as error:
    print(type(error).__name__)
