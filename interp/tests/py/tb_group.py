# exit: 1
# stderr: compared
def f(n):
    raise ValueError(n)
errors = []
for i in range(2):
    try:
        f(i)
    except ValueError as error:
        errors.append(error)
errors.append(ExceptionGroup("inner", [KeyError("k")]))
raise ExceptionGroup("outer", errors)
