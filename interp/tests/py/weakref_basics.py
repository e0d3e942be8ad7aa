import gc, weakref
class A: pass
a = A()
r = weakref.ref(a, lambda ref: print("gone", ref is r))
print(r() is a, weakref.getweakrefcount(a), r)  if False else print(r() is a, weakref.getweakrefcount(a))
p = weakref.proxy(a)
a.x = 5
print(p.x)
s = weakref.WeakSet([a])
d = weakref.WeakValueDictionary(k=a)
k = weakref.WeakKeyDictionary({a: 1})
print(len(s), list(d), len(k))
del a
gc.collect()
print(r(), len(s), len(d), len(k))
try:
    p.x
except ReferenceError as error:
    print(error)
for bad in (5, "a", None, (1,)):
    try:
        weakref.ref(bad)
    except TypeError as error:
        print(error)
class B:
    def m(self): return "m"
b = B()
wm = weakref.WeakMethod(b.m)
print(wm()())
f = weakref.finalize(b, print, "finalized")
del b
gc.collect()
print(f.alive, wm())
