def f():
    try:
        raise ValueError("original")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise
try:
    f()
except ValueError as error:
    print(error, error.__context__)
import sys
try:
    raise ValueError(1)
except ValueError as error:
    print(sys.exception() is error, sys.exc_info()[0].__name__, sys.exc_info()[1] is error)
print(sys.exception(), sys.exc_info())
def g():
    raise
try:
    try:
        raise KeyError("deep")
    except KeyError:
        g()
except KeyError as error:
    print("reraised", error)
try:
    g()
except RuntimeError as error:
    print(error)
