def g():
    for i in range(3):
        try: yield i
        except KeyError as e: print("in", e); continue
        finally: print("f", i)
it = g(); print(next(it)); print(it.throw(KeyError("k"))); print(list(it))
def outer():
    try: yield from g()
    except ValueError as e: yield f"outer {e}"
it = outer(); next(it); print(it.throw(ValueError("x")), list(it))
try:
    left = g()
    for x in left:
        if x == 1: raise TypeError("consumer")
except TypeError as e: print(e); left.close()
import sys
def h():
    try: 1 / 0
    except ZeroDivisionError: yield sys.exception().__class__.__name__; yield sys.exception().__class__.__name__
it = h()
try: raise KeyError
except KeyError: print(next(it), sys.exception().__class__.__name__)
print(sys.exception(), next(it), sys.exception())
