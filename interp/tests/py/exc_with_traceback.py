import sys, traceback
def f():
    raise ValueError("x")
try:
    f()
except ValueError as error:
    tb = error.__traceback__
    print(tb.tb_lineno, tb.tb_next.tb_lineno, tb.tb_next.tb_next, tb.tb_frame.f_code.co_name, tb.tb_next.tb_frame.f_code.co_name)
    print([(x.name, x.lineno, x.line) for x in traceback.extract_tb(tb)])
    again = error.with_traceback(None)
    print(again is error, error.__traceback__)
try:
    ValueError().__traceback__ = 5
except TypeError as error:
    print(error)
