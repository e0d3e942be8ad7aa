from collections import deque, defaultdict, OrderedDict
import itertools, functools, re
def attempt(f):
    try: f()
    except Exception as e: print(type(e).__name__, e)
d = deque()
attempt(lambda: d + 5); attempt(lambda: d.nope); attempt(lambda: 5 < d); attempt(lambda: hash(d)); attempt(lambda: d["a"]); attempt(lambda: len(itertools.count())); attempt(lambda: deque.nope); attempt(lambda: -re.compile("a")); attempt(lambda: functools.partial(len)[0]); attempt(lambda: "a" + d); attempt(lambda: iter(functools.partial(len)))
print(deque([1]), defaultdict(int), OrderedDict(a=1), itertools.count(1), type(d).__name__, deque.__module__, deque.__qualname__, deque)
attempt(lambda: int("1", 2, 3)); attempt(lambda: str(1, 2, 3, 4)); attempt(lambda: "abc".replace("a")); attempt(lambda: property(1, 2, 3, 4, 5)); attempt(lambda: staticmethod()); attempt(lambda: print(1, sepp="")); attempt(lambda: int.__new__(bool, 1)); attempt(lambda: object.__init_subclass__(1)); attempt(lambda: object.__setattr__(int, "x", 1)); attempt(lambda: object.__delattr__(deque, "x"))
