class Node:
    __slots__ = ("value", "next")
    def __init__(self, value, next=None): self.value, self.next = value, next
class Linked:
    def __init__(self, it=()):
        self.head = None
        for x in reversed(list(it)): self.head = Node(x, self.head)
    def __iter__(self):
        n = self.head
        while n: yield n.value; n = n.next
    def reverse(self):
        prev, n = None, self.head
        while n: n.next, prev, n = prev, n, n.next
        self.head = prev
        return self
l = Linked(range(5)); print(list(l), list(l.reverse()), sum(l))
class Tree:
    def __init__(self): self.root = None
    def insert(self, k):
        if self.root is None: self.root = [k, None, None]; return
        n = self.root
        while True:
            i = 1 if k < n[0] else 2
            if n[i] is None: n[i] = [k, None, None]; return
            n = n[i]
    def walk(self, n="root"):
        n = self.root if n == "root" else n
        if n: yield from self.walk(n[1]); yield n[0]; yield from self.walk(n[2])
t = Tree()
for k in (5, 2, 8, 1, 9, 3): t.insert(k)
print(list(t.walk()))
class LRU:
    def __init__(self, n): self.n, self.d = n, {}
    def get(self, k):
        if k in self.d: self.d[k] = self.d.pop(k); return self.d[k]
    def put(self, k, v):
        self.d.pop(k, None); self.d[k] = v
        if len(self.d) > self.n: del self.d[next(iter(self.d))]
c = LRU(2); c.put(1, "a"); c.put(2, "b"); c.get(1); c.put(3, "c"); print(c.d, c.get(2))
