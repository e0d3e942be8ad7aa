# Every class of itertools and the functions of operator: results and error texts.
from itertools import *
import itertools, operator
def t(s, g=globals()):
    try: r=eval(s,g); print(s,'=>',repr(r))
    except Exception as e: print(s,'=>',type(e).__name__+':',e)
def gen(n):
    for i in range(n): yield i
class It:
    def __init__(s,n): s.n=n
    def __iter__(s): return s
    def __next__(s):
        if s.n<=0: raise StopIteration
        s.n-=1; return s.n
def boom():
    yield 1
    raise KeyError('x')
for s in '''list(islice(count(),5))
list(islice(count(10,-2),3))
list(islice(count(2.5,.5),3))
count(3), count(3,2), count(2.5), repeat(1), repeat(1,3), repeat('a',times=2)
list(islice(cycle('abc'),7))
list(cycle([]))
list(repeat(1,3)), list(repeat(1,-1))
repeat(1,3).__length_hint__()
list(accumulate([1,2,3,4])), list(accumulate([1,2,3],operator.mul)), list(accumulate([1,2],initial=100)), list(accumulate([],initial=5)), list(accumulate('abc'))
list(accumulate([1,2,3],func=max))
list(chain('ab',[1,2],(3,))), list(chain()), list(chain.from_iterable(['ab','cd']))
list(compress('abcdef',[1,0,1,0,1,1])), list(compress('abc',[1]))
list(dropwhile(lambda x:x<3,range(6))), list(takewhile(lambda x:x<3,range(6)))
list(filterfalse(lambda x:x%2,range(6))), list(filterfalse(None,[0,1,'',2]))
[(k,list(g)) for k,g in groupby('AAABBC')]
[(k,list(g)) for k,g in groupby([1,3,2,4,5],key=lambda x:x%2)]
[k for k,g in groupby('AAABBC')]
(lambda g: (next(g), next(g), list(g)))(groupby('AB'))[0][0]
list(islice('abcdefg',2)), list(islice('abcdefg',2,4)), list(islice('abcdefg',2,None)), list(islice('abcdefg',0,None,2)), list(islice('abc',5,2)), list(islice('abc',None))
list(pairwise('abcd')), list(pairwise('a')), list(pairwise(''))
list(starmap(pow,[(2,5),(3,2)])), list(starmap(max,['ab','cd']))
[list(x) for x in tee(gen(3))], [list(x) for x in tee('abc',3)], tee([],0)
list(zip_longest('ab','xyz',fillvalue='-')), list(zip_longest()), list(zip_longest('abc',[]))
list(product('ab',range(2))), list(product(range(2),repeat=2)), list(product()), list(product('ab',[])), len(list(product(range(3),repeat=3)))
list(permutations('abc')), list(permutations(range(3),2)), list(permutations('ab',3)), list(permutations([],0)), len(list(permutations(range(5))))
list(combinations('abcd',2)), list(combinations(range(4),3)), list(combinations('ab',0)), list(combinations('ab',3))
list(combinations_with_replacement('abc',2)), list(combinations_with_replacement('',2)), list(combinations_with_replacement('ab',0))
list(batched('abcdefg',3)), list(batched('abc',5))
list(batched('abcd',3,strict=True))
list(batched('abc',0))
list(islice('abc',-1))
list(islice('abc',0,1,0))
list(islice('abc','x'))
count('a')
cycle(1)
list(starmap(pow,[1]))
list(chain(1))
list(chain([1],2))
list(chain.from_iterable([1]))
list(product('ab',repeat=-1))
list(combinations('abc',-1))
list(permutations('abc','x'))
list(repeat())
list(islice('a'))
tee([1],-1)
list(groupby())
list(accumulate([1,'a']))
list(chain(boom()))
list(islice(boom(),1))
list(takewhile(lambda x:1/0,[1]))
list(It(3)), list(chain(It(2),It(3))), list(zip(It(3),count()))
next(count()), next(chain([5]))
next(chain([]))
iter(count()) is not None
type(count()), type(chain()), isinstance(chain(),chain)
sum(1 for _ in permutations(range(6)))
operator.itemgetter(1)([1,2,3]), operator.itemgetter(0,2)('abc'), operator.attrgetter('real','imag')(3), operator.methodcaller('split',',')('a,b'), operator.methodcaller('replace','a','b')('aaa')
operator.itemgetter(1,'a'), operator.attrgetter('a.b','c'), operator.methodcaller('f',1,x=2)
operator.add(1,2), operator.sub(5,3), operator.mul('a',3), operator.truediv(1,2), operator.floordiv(7,2), operator.mod(7,3), operator.pow(2,3), operator.and_(6,3), operator.or_(6,3), operator.xor(6,3), operator.lshift(1,3), operator.rshift(8,2), operator.neg(3), operator.pos(3), operator.inv(3), operator.not_(0), operator.truth([]), operator.index(True), operator.abs(-3)
operator.contains([1,2],2), operator.countOf([1,2,1],1), operator.indexOf([1,2,3],3), operator.getitem([1,2],0), operator.concat([1],[2]), operator.length_hint([1,2]), operator.length_hint(iter([1,2,3])), operator.length_hint(5,3), operator.is_(1,1), operator.is_not(1,None)
operator.indexOf([1],5)
operator.concat(1,2)
operator.index(1.5)
operator.call(max,1,2), operator.iadd([1],[2]), operator.eq(1,1.0), operator.lt(1,2)
operator.attrgetter(1)
operator.matmul(1,2)
operator.length_hint(1,'a')
[f.__name__ for f in (operator.add, operator.itemgetter)], operator.itemgetter.__module__, chain.__module__, chain.__name__'''.split('\n'): t(s)
class MyCount(count):
    def foo(self): return next(self)
m=MyCount(5); m.x=1; print(m.foo(), m.foo(), m.x, m)
a,b=tee(iter(range(5))); print(next(a),next(a),next(b),list(a),list(b))
import copy
a,=tee(range(4),1); next(a); b=copy.copy(a); print(list(a),list(b))
