def run(e):
    try:
        raise e
    except* ValueError as g:
        print("value", g.exceptions)
    except* (TypeError, KeyError) as g:
        print("other", g.exceptions)
    else:
        print("else")
    finally:
        print("finally")
run(ExceptionGroup("m", [ValueError(1), TypeError(2), ValueError(3)]))
run(ValueError("naked"))
try:
    run(ExceptionGroup("m", [ValueError(1), OSError("left")]))
except ExceptionGroup as g:
    print("rest", g, g.exceptions)
try:
    try:
        raise ExceptionGroup("m", [ValueError(1)])
    except* ValueError:
        raise KeyError("new")
except Exception as g:
    print(repr(g))
try:
    try:
        raise ExceptionGroup("m", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
except ExceptionGroup as g:
    print(repr(g))
try:
    pass
except* ValueError:
    pass
else:
    print("no error")
try:
    try:
        raise ValueError
    except* ExceptionGroup:
        pass
except TypeError as error:
    print(error)
