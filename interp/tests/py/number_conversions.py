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

# __bytes__ of subclasses wins over what they hold.
class B(bytes):
    def __bytes__(self): return b'x'
class S(str):
    def __bytes__(self): return b's'
class N(bytes): __bytes__=None
print(bytes(B(b'a')), bytes(S('q')), bytearray(B(b'a')), bytes(S('é'),'utf-8'), B(B(b'zz')))
for v in (N(b'ab'), S('z')):
    for t in (bytes,bytearray):
        try: print(t(v))
        except Exception as e: print(type(e).__name__,e)
for f,a in (("%.*d",(2**63 - 1,1)),("%.*f",(2**31,1)),("%.*s",(2**40,'ab')),("%.*d",(-3,5)),("%*d",(-4,5)),("%.*s",(-2**40,'ab'))):
    try: print(f%a)
    except Exception as e: print(type(e).__name__,e)
for f in ("% %s", "%5%", "%.3%", "%%"):
    for g in (f, f.encode()):
        try: print(g % {"a": 1})
        except ValueError as e: print(e)
