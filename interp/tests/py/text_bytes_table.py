# bytes, bytearray and memoryview: results and error texts.
def t(s):
    try: print(s, '=>', repr(eval(s)))
    except BaseException as e: print(s, '=>', type(e).__name__, e)
BA=bytearray
def ex(o,f,*a):
    getattr(o,f)(*a); return o
for s in r'''b'abc'.find('a')
b'abc'.find(256)
b'abc'.find(97)
b'abc'.index('x')
b'abc'.index(b'x')
b'abc'.index(300)
b'abc'.count('a')
b'abc'.count(b'')
b'abc'.startswith('a')
b'abc'.startswith(('a',))
b'abc'.join(1)
b'abc'.join([1])
b','.join([b'a','b'])
b','.join([b'a',BA(b'b'),memoryview(b'c')])
BA(b',').join([b'a',b'b'])
b'abc'.replace('a',b'b')
b'abc'.replace(b'a','b')
b'abc'.split('a')
b'abc'.split(b'')
b'abc'.split(1)
b'abc'.partition('a')
b'abc'.partition(b'')
b'abc'.strip('a')
b'abc'.center(5,'a')
b'abc'.center(5,b'ab')
b'abc'.center(5,1)
b'abc'.center(6,BA(b'x'))
b'abc'.translate('a')
b'abc'.translate(b'a')
b'abc'.translate(None,b'a')
b'abc'.translate(bytes(range(256)),delete=b'b')
bytes.maketrans(b'a',b'bc')
bytes.maketrans('a','b')
bytes.fromhex('zz')
bytes.fromhex('a')
bytes.fromhex('ab c')
bytes.fromhex('ab cd\n')
bytes.fromhex(1)
b'abc'.hex()
b'abcdef'.hex(':')
b'abcdef'.hex(':',2)
b'abcdef'.hex(':',-4)
b'abc'.hex('ab')
b'abc'.hex('é')
b'abc'.hex(1)
b'abc'+'a'
b'abc'+1
b'abc'*'a'
b'abc'*1.5
b'abc'['a']
b'abc'[5]
b'abc'[1:2]
'a' in b'abc'
256 in b'abc'
b'a' in b'abc'
b'abc'<'a'
b'abc'==BA(b'abc')
b'abc'=='abc'
bytes('a')
bytes('é','ascii')
bytes('a','utf-8','strict')
bytes(5)
bytes(-1)
bytes(1<<70)
bytes(1.5)
bytes([1,2,300])
bytes([1,'a'])
bytes([-1])
bytes(b'a','ascii')
bytes(1,'ascii')
bytes(errors='a')
bytes(source=b'x')
bytes(None)
BA('a')
BA(5)
BA([256])
BA(-1)
BA('é','utf-8')
repr(BA(b"a'b"))
ex(BA(b'abc'),'append','a')
ex(BA(b'abc'),'append',256)
ex(BA(b'abc'),'append',1.5)
ex(BA(b'abc'),'extend',[1,2])
ex(BA(b'abc'),'extend','a')
ex(BA(b'abc'),'extend',1)
ex(BA(b'abc'),'extend',[300])
ex(BA(b'abc'),'insert',-1,120)
ex(BA(b'abc'),'insert',100,120)
BA(b'abc').pop()
BA(b'').pop()
BA(b'abc').pop(5)
BA(b'abc').pop(-3)
ex(BA(b'abc'),'remove',98)
ex(BA(b'abc'),'remove',120)
ex(BA(b'abc'),'remove',300)
ex(BA(b'abc'),'reverse')
ex(BA(b'abc'),'clear')
BA(b'abc').copy()
ex(BA(b'abc'),'__setitem__',0,300)
ex(BA(b'abc'),'__setitem__',5,1)
ex(BA(b'abc'),'__setitem__','a',1)
ex(BA(b'abc'),'__setitem__',0,'a')
ex(BA(b'abc'),'__setitem__',slice(0,2),b'xyz')
ex(BA(b'abcdef'),'__setitem__',slice(0,6,2),b'xyz')
ex(BA(b'abcdef'),'__setitem__',slice(0,6,2),b'xy')
ex(BA(b'abcdef'),'__setitem__',slice(0,2),5)
ex(BA(b'abcdef'),'__setitem__',slice(0,2),'ab')
ex(BA(b'abcdef'),'__setitem__',slice(0,2),[1,2,3])
ex(BA(b'abcdef'),'__delitem__',slice(0,6,2))
ex(BA(b'abcdef'),'__delitem__',1)
ex(BA(b'abcdef'),'__delitem__',10)
ex(BA(b'abcdef'),'__delitem__','a')
ex(BA(b'abc'),'__iadd__','a')
ex(BA(b'abc'),'__iadd__',b'xy')
ex(BA(b'abc'),'__imul__',3)
BA(b'abc')+b'd'
b'abc'+BA(b'd')
BA(b'abc')+'a'
BA(b'abc')[5]
BA(b'abc')['a']
BA(b'abc')[::-1]
hash(BA())
BA(b'abc').__alloc__()
BA(b'abc').__reduce__()
BA(b'abc').__reduce_ex__(2)
b'abc'.__getnewargs__()
b'abc'.decode('utf-8','x')
b'abc'.decode(1)
b'abc'.upper(1)
b'abc'.isascii()
b'abc'.zfill('a')
b'abc'.expandtabs('a')
b'abc'.removeprefix('a')
b'abc'.endswith(b'c',0,-1)
b'abc'.rfind(b'c',0,-1)
b'abc'.ljust(5)
b'a b'.title()
b'%s' % BA(b'abc')
BA(b'%s') % b'abc'
memoryview('a')
memoryview(1)
memoryview(b'abc')[5]
memoryview(b'abc')['a']
memoryview(b'abc').__setitem__(0,1)
memoryview(BA(b'abc')).__setitem__(0,300)
memoryview(BA(b'abc')).__setitem__(0,'a')
memoryview(BA(b'abc')).__setitem__(slice(0,2),b'xyz')
memoryview(BA(b'abc')).__setitem__(slice(0,2),b'xy')
memoryview(BA(b'abc')).__delitem__(0)
memoryview(b'abcd').cast('i')[0]
memoryview(b'abc').cast('i')
memoryview(b'abcd').cast('y')
memoryview(b'abcd').cast('i').cast('h')
memoryview(b'abcd').cast('B',[2,2]).tolist()
memoryview(b'abcd').cast('B',[2,2])[1,0]
memoryview(b'abcd').cast('B',[2,2])[1]
memoryview(b'abcd').cast('B',[2,3])
memoryview(b'abcd').tolist()
memoryview(b'abcd').tobytes()
memoryview(b'abcd').hex(':')
memoryview(b'abcd')[::2].tobytes()
memoryview(b'abcd')[::2].contiguous
memoryview(b'abcd')[::2].strides
memoryview(b'abcd').shape
memoryview(b'abcd').format
memoryview(b'abcd').nbytes
memoryview(b'abcd').obj
memoryview(b'abcd').readonly
memoryview(b'abcd').suboffsets
memoryview(b'abcd') == b'abcd'
memoryview(b'abcd') == memoryview(b'abcd').cast('b')
memoryview(b'abcd') < b'a'
hash(memoryview(b'abcd'))==hash(b'abcd')
hash(memoryview(BA(b'abcd')))
len(memoryview(b'abcd').cast('i'))
memoryview(b'abcd').toreadonly().readonly
list(memoryview(b'ab'))
97 in memoryview(b'ab')
b'x'.join([memoryview(b'ab')])
(lambda m:(m.release(), m[0]))(memoryview(b'ab'))
memoryview(b'abcd').tobytes('C')
memoryview(b'abcd').tobytes('X')
memoryview(b'abcdefgh').cast('d').tolist()
memoryview(b'abcdefgh').cast('c').tolist()
memoryview(b'abcdefgh').cast('?').tolist()
bytes(memoryview(b'abcdefgh')[::-2])
memoryview(b'abcd')[...]
memoryview(b'abcd')[()]
memoryview(b'abcd')[0,1]'''.split('\n'): t(s)
