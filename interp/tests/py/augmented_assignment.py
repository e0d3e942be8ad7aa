class A:
    def __init__(self, v):
        self.v = v
    def __iadd__(self, o):
        self.v.append(o)
        return self
    def __imatmul__(self, o):
        return "matmul"
    def __ior__(self, o):
        return NotImplemented
    def __or__(self, o):
        return "or"
a = b = A([])
a += 1
print(a is b, a.v)
a @= 2
b |= 2
print(a, b)
x = 5
x -= 1; x *= 3; x //= 2; x **= 2; x %= 7; x <<= 3; x >>= 1; x &= 5; x |= 8; x ^= 1
print(x)
x /= 2
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    print(error, t, x)
l = m = [1]
l += (2,)
print(m, l is m)
l = l + [3]
print(m, l)
