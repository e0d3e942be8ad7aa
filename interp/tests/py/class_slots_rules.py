import weakref
def attempt(text):
    try: exec(text, globals()); print("ok")
    except TypeError as e: print(e)
class D: pass
class S: __slots__ = ("a",)
for text in ("class T(int): __slots__ = 'a'", "class T(tuple): __slots__ = ('a',)", "class T(bytes): __slots__ = ['a']", "class T(type): __slots__ = ['a']", "class T(str): __slots__ = ('a',)", "class T(int): __slots__ = ()", "class T(D): __slots__ = ('__dict__',)", "class T(D): __slots__ = ('__weakref__',)", "class T(S): __slots__ = ('__dict__', '__weakref__')", "class T(tuple): __slots__ = ('__weakref__',)"):
    attempt(text)
for cls in (int, tuple, bytes, str, list, float):
    class K(cls): pass
    try: print(cls.__name__, weakref.ref(K())() is not None or True)
    except TypeError as e: print(e)
s = S()
for action in ("s.a", "del s.a"):
    try: exec(action)
    except AttributeError as e: print(e)
