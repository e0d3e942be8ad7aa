class Stack(list):
    def push(self, x):
        self.append(x)
    def __getitem__(self, i):
        return ("item", super().__getitem__(i))
    def __len__(self):
        return 42
s = Stack([1, 2])
s.push(3)
print(s, s[0], len(s), list(s), bool(Stack()), s == [1, 2, 3], type(s + [1]), type(s[:1]), isinstance(s, list), sorted(s), s.copy())
s.extra = 1
print(s.__dict__)
