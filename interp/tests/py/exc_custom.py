class AppError(Exception):
    def __init__(self, code, **kw):
        super().__init__(f"code {code}")
        self.code = code
        self.kw = kw
class Sub(AppError):
    def __str__(self):
        return f"<{self.code}>"
for e in (AppError(5, a=1), Sub(6)):
    try:
        raise e
    except AppError as error:
        print(type(error).__name__, error, error.code, error.kw, error.args, repr(error), error is e)
class NoInit(Exception): pass
print(repr(NoInit("a", 1)), str(NoInit()), NoInit("x").args)
try:
    NoInit(a=1)
except TypeError as error:
    print(error)
