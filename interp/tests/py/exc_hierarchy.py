import builtins
def show(cls, depth=0):
    print("  " * depth + cls.__name__)
    for sub in sorted((c for c in cls.__subclasses__() if c.__module__ == "builtins"), key=lambda c: c.__name__):
        if sub.__name__ in ("PythonFinalizationError", "_IncompleteInputError", "IncompleteInputError"):
            continue
        show(sub, depth + 1)
show(BaseException)
