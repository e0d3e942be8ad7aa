# Annotation scopes in a class look into the class as it is when they are evaluated.
class A:
    x = int
    type B = x
    def f[T: x](self): pass
    x = str
print(A.B.__value__, A.f.__type_params__[0].__bound__)
class A2:
    x = int
    type B = x
A2.x = bytes
print(A2.B.__value__)
class A3:
    type B = y
A3.y = 5
print(A3.B.__value__)
class A4:
    x = int
    type B = x
del A4.x
try: print(A4.B.__value__)
except NameError as e: print(e)
class A5:
    x = int
    def g[T: (x, B)](self): pass
    type B = x
A5.x = 1
A5.y = 3
print(A5.g.__type_params__[0].__constraints__)
class M(type):
    def __prepare__(*a, **k): return N()
class N(dict):
    def __getitem__(self, k):
        print('get', k) if not k.startswith('__') else 0
        return super().__getitem__(k)
class A6(metaclass=M):
    x = int
    type B = x
    print(B.__value__)
A6.x = 6
print(A6.B.__value__)
