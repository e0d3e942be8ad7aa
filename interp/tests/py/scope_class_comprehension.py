class A:
    data = [1, 2, 3]
    first = [x for x in data]
    try:
        second = [x + len(data) for x in data]
    except NameError as error:
        second = str(error)
    def m(self): return [self.data[i] for i in range(len(self.data))]
    gen = (y for y in data)
    nested = [[z for z in range(w)] for w in data]
print(A.first, A.second, A().m(), list(A.gen), A.nested)
def f():
    x = 1
    class B:
        y = [x for _ in range(2)]
        def g(self): return x
    x = 2
    return B.y, B().g()
print(f())
