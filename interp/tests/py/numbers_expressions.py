# Numbers as expressions: results and error texts.
def t(s, g=globals()):
    try: r=eval(s,g); print(s,'=>',repr(r))
    except Exception as e: print(s,'=>',type(e).__name__+':',e)
class I(int): pass
class F(float): pass
class Ix:
    def __index__(self): return 7
class Fl:
    def __float__(self): return 2.5
class It:
    def __int__(self): return 9
for s in '''I(5)+1
type(I(5)+1)
I(5)
I('12')
I(5)==5
hash(I(5))
int(I(7))
F(2.5)*2
F('1e3')
type(F(2)+1)
{1:2}[1.0]
{True:1}[1]
True+True
True&False
True|2
int('0b11',0)
int(' 12 ')
int('1_000')
int('z',36)
int(3.99)
int(-3.99)
int(Ix())
int(It())
float(Fl())
float(Ix())
complex(Fl())
int('12',base=5)
int(b'12')
int(bytearray(b'0x1f'),16)
(255).to_bytes(2,'little')
(-1).to_bytes(4,'big',signed=True)
int.from_bytes(b'\\x01\\x02','big')
int.from_bytes(b'\\xff\\xfe','little',signed=True)
int.from_bytes([1,2,3])
(5).bit_length(), (5).bit_count(), (-5).bit_length()
(7).as_integer_ratio(), (7).is_integer(), (7).conjugate(), (7).real, (7).imag, (7).numerator, (7).denominator
round(12345,-2), round(15,-1), round(25,-1), round(-15,-1), round(2.5), round(0.125,2), round(1e20), round(2.675,2)
divmod(-7,2), divmod(7,-2), divmod(-7.5,2), -7//2, -7%3, 7%-3
2**-1, (-8)**(1/3), 2**0.5, 10**20, (-2)**3, 0**0
pow(3,-1,11), pow(2,100,7), pow(2,100,-7)
1<<100, -1>>5, -5>>1, 5&-2, 5|-8, 5^-1, ~5, ~-1
f"{255:x} {255:#X} {255:b} {255:o} {1234567:,} {1234567:_} {-5:+d} {5:05d} {5:<5}| {5:^5}|{5:>5}"
f"{3.14159:.2f} {1e10:g} {0.00001:g} {1234567.891:,.2f} {0.5:%} {1e100:e} {float('nan'):f} {-0.0:z.1f}"
f"{1+2j:.2f} {2**100:,} {2**100:x}"
f"{True} {True:d} {I(5)} {I(5):3d}|{F(2.5):.1f}"
"%d %5.2f %x %s %r %e" % (10,3.14159,255,2**70,1e16,12345.678)
1e16, 1e15, 1e-5, 0.0001, 123456789.123456789, 1e22, 1e23, 5e-324, 1.7976931348623157e308
float('inf'), float('-inf'), float('nan'), -0.0
float('1_0.5'), float(' 3 '), float('infinity'), float('1e400')
(0.1).hex(), float.fromhex('0x1.8p3'), (0.75).as_integer_ratio(), (2.0).is_integer(), (0.1).is_integer()
1==1.0, 2**53+1==2.0**53, 2**53+1>2.0**53, 1<2.5, 10**400>1e308, 10**400>float('inf'), float('nan')==1
hash(1.0)==hash(1), hash(2**61-1), hash(-1), hash(0.5), hash(1e100), hash(2**100), hash(1+2j), hash(float('inf'))
1j*1j, (1+2j)/(3-4j), abs(3+4j), (1+2j)**2, (1+2j).conjugate(), complex('1+2j'), complex(1,2).real, -(1+2j), 1j==1j, 1+0j==1
complex(), complex(1), complex('nan+infj'), complex(-0.0,-0.0), (1+2j)-1, 2*(1+2j)
range(10), list(range(10,0,-3)), range(5)[2], range(10)[2:8:2], range(10)[::-1], len(range(0,100,7)), 5 in range(10), 5.0 in range(10), 'a' in range(3)
range(3)==range(0,3,1), range(0)==range(5,5), hash(range(3))==hash(range(0,3)), range(10).index(4), range(10).count(4), range(10).start, range(1,10,2).step
list(reversed(range(5))), list(range(2**70,2**70+3)), range(2**70)[-1], len(range(2**40)), bool(range(0)), bool(range(1))
list(iter(range(3))), next(iter(range(3))), iter(range(3)).__length_hint__()
slice(1,2,3), slice(5), slice(None,None,-1).indices(5), slice(1,10,2).indices(5), slice(1,2)==slice(1,2), hash(slice(1,2))==hash(slice(1,2)), slice(1,2)<slice(1,3)
slice(1,2,3).start, slice(1,2,3).stop, slice(1,2,3).step
min(1,2.5), max(1,True), sum([1,2.5,3]), sum([0.1]*10), sum(range(100)), abs(-5), abs(-2.5)
bin(10), oct(8), hex(255), bin(-5), hex(2**70)
int.__doc__[:20], float.__doc__[:20]
(3).__add__(4), (3).__radd__(4), (3).__sub__(4), (3).__rsub__(4), (3).__add__(4.0), (3.0).__add__(4), (3).__eq__(3.0), (3).__lt__(4)
isinstance(True,int), issubclass(bool,int), type(True), bool('x'), bool(0.0), bool([]), bool(2**70)
5 .__class__, (5).__index__(), (5.5).__int__(), (5.5).__trunc__(), (5.5).__floor__(), (5.5).__ceil__(), (5.5).__round__()
int.__name__, int.__mro__, bool.__mro__
(10**50)//3, (10**50)%7, -(10**50)//3, 10**50/3, 10**50*1.5, float(10**50), 10**30 == 1e30, 10**22 == 1e22
str(2**64), repr(-2**63), '%d' % 2**65, int('9'*30), 123456789012345678901234567890
3 .__format__('>5'), format(3.5,'10.3f'), format(2**70,'x'), format(True,'')
int('x')
int('')
int([])
int(None)
int('12',1)
int(1.5,2)
int('1'*5000)
str(10**5000)
float('x')
float([])
1/0
2.0**5000
10**400*1.0
int(float('inf'))
int(float('nan'))
1<<-1
1 + 'a'
'a' + 1
1 + None
1 < 'a'
[] < 1
-'a'
~1.5
1.5 & 1
range(1,2,0)
range('a')
range()
range(1,2,3,4)
range(5)[10]
range(5)['a']
range(5).index(10)
slice()
(5).to_bytes(0,'big')
(-5).to_bytes(2,'big')
(5).to_bytes(2,'x')
round(1.5,'a')
round('a')
abs('a')
divmod('a',1)
pow(2,-1,4)
pow(2,2,0)
pow(2.0,2,3)
complex('x')
1j<2
1j//1
(1).foo
(1.5).foo
int.foo
hash(slice([],1))
bool(1,2)
float(1,2)
(1).bit_length(2)
format(1,'q')
format(1.5,'d')
format(1,'.2d')
"%d" % 'a'
"%d" % 1.5
sum(['a'])
sum(['a'],'')
chr(-1)
1<<(10**15)
10 .__pow__(2,5), (2).__pow__(-1), (2).__rpow__(3), pow(I(2),3), I(6)//I(4), I(6)/I(4)'''.split('\n'):
    t(s)
