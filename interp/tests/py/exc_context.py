try:
    try:
        1 / 0
    except ZeroDivisionError:
        {}["x"]
except KeyError as error:
    print(repr(error.__context__), error.__cause__, error.__suppress_context__)
try:
    try:
        raise ValueError("a")
    finally:
        raise TypeError("b")
except TypeError as error:
    print(repr(error.__context__))
try:
    try:
        raise ValueError("a")
    except ValueError as a:
        raise KeyError("b") from a
except KeyError as error:
    print(repr(error.__cause__), error.__context__ is error.__cause__)
e = ValueError("same")
try:
    try:
        raise e
    except ValueError:
        raise e
except ValueError as error:
    print(error.__context__)
try:
    try:
        raise KeyError
    except KeyError:
        pass
    raise ValueError
except ValueError as error:
    print(error.__context__)
def f():
    try:
        raise OSError("inner")
    except OSError:
        return "handled"
try:
    try:
        raise KeyError("outer")
    except KeyError:
        f()
        raise RuntimeError("new")
except RuntimeError as error:
    print(repr(error.__context__), error.__context__.__context__)
