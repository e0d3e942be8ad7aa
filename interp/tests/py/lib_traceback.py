import traceback, sys, io
def f(): g()
def g(): raise ValueError("deep")
try:
    f()
except ValueError as error:
    print(traceback.format_exc())
    print(traceback.format_exception_only(error), [s.name for s in traceback.extract_tb(error.__traceback__)])
    traceback.print_exc(file=sys.stdout, limit=1)
    te = traceback.TracebackException.from_exception(error)
    print(te.exc_type_str if hasattr(te, "exc_type_str") else "", str(te), len(te.stack))
def h(): return [x.name for x in traceback.extract_stack()]
print(h())
print("".join(traceback.format_list([("file.py", 3, "func", "code line")])), traceback.format_exception_only(KeyError("k")))
