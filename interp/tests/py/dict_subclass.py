class Loud(dict):
    def __setitem__(self, k, v):
        print("set", k, v)
        super().__setitem__(k, v)
    def __getitem__(self, k):
        return ("got", super().__getitem__(k))
d = Loud(a=1)
d["b"] = 2
d.update(c=3)
d.setdefault("d", 4)
print(d, d["a"], d.get("a"), d | {"z": 1}, type(d | {}), {**d}, dict(d), type(d.copy()), type(Loud.fromkeys("a")))
