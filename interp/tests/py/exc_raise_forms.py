class E(Exception): pass
for text in ("raise E", "raise E('x')", "raise E from None", "raise E from KeyError('c')", "raise E from KeyError", "raise 5", "raise 'a'", "raise None", "raise E from 5", "raise", "raise int", "raise E, 5" if False else "raise E()"):
    try:
        exec(text)
    except BaseException as error:
        print(text, "->", type(error).__name__, error, repr(error.__cause__), error.__suppress_context__)
class Odd(Exception):
    def __new__(cls):
        return 5
try:
    raise Odd
except TypeError as error:
    print(error)
