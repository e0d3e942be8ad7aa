def kinds():
    print("evaluated")
    return ValueError
try:
    raise ValueError
except kinds():
    print("caught")
for bad in (5, "ValueError", (ValueError, 5), None):
    try:
        try:
            raise KeyError
        except bad:
            pass
    except TypeError as error:
        print(error)
class M(type):
    def __subclasscheck__(cls, c):
        return True
class Any(Exception, metaclass=M): pass
try:
    try:
        raise ValueError("v")
    except Any:
        print("by subclasscheck")
except ValueError:
    print("exact match only")
try:
    raise KeyError
except (ValueError, (KeyError,)) if False else (ValueError, KeyError):
    print("tuple")
