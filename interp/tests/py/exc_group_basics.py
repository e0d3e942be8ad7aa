g = ExceptionGroup("msg", [ValueError("a"), TypeError("b"), ExceptionGroup("in", [KeyError("c")])])
print(g, repr(g), g.message, g.exceptions, len(g.exceptions))
a, b = g.split(ValueError)
print(a, a.exceptions, b, b.exceptions)
print(g.subgroup(KeyError), g.subgroup(OSError), g.subgroup(lambda e: isinstance(e, TypeError)), g.split((ValueError, TypeError))[1], g.derive([KeyError(1)]))
print(type(BaseExceptionGroup("m", [ValueError()])).__name__, type(BaseExceptionGroup("m", [KeyboardInterrupt()])).__name__)
for text in ("ExceptionGroup('m', [])", "ExceptionGroup('m', [1])", "ExceptionGroup('m', [KeyboardInterrupt()])", "ExceptionGroup(1, [ValueError()])", "ExceptionGroup('m')", "ExceptionGroup('m', 5)"):
    try:
        eval(text)
    except Exception as error:
        print(type(error).__name__, error)
