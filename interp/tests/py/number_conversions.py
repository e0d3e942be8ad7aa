import warnings, operator
warnings.simplefilter("always")
class MyInt(int): pass
class MyFloat(float): pass
class X:
    def __index__(self): return MyInt(3)
    def __int__(self): return MyInt(4)
    def __float__(self): return MyFloat(5)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(operator.index(X()), int(X()), float(X()))
    for w in caught:
        print(w.category.__name__, str(w.message).replace("__main__.", ""))
print(complex("\u2003(\u20021+1j ) "), float(bytearray(b"1.5")), int(memoryview(b"12")))
import marshal
print(marshal.loads(b"I" + (-5).to_bytes(8, "little", signed=True)))
deep = []
for _ in range(1500): deep = [deep]
n, x = 0, marshal.loads(marshal.dumps(deep))
while x: x, n = x[0], n + 1
print(n)
print([1, 2, 3][1::2**63 - 1], [1, 2, 3][::-(2**62)])
