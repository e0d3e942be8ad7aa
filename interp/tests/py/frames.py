import sys
def f():
    x = 5
    return g()
def g():
    frame = sys._getframe()
    back = frame.f_back
    return frame.f_code.co_name, back.f_code.co_name, back.f_locals["x"], back.f_lineno, frame.f_globals is globals(), sys._getframe(2).f_code.co_name
print(f())
try:
    sys._getframe(1000)
except ValueError as error:
    print(error)
def depth():
    frame, n = sys._getframe(), 0
    while frame: frame, n = frame.f_back, n + 1
    return n
print(depth(), (lambda: depth())())
