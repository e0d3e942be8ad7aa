def attempt(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
def suppress(v):
    ValueError().__suppress_context__ = v
def message():
    ExceptionGroup("m", [ValueError()]).message = 5
def noted():
    e = ValueError(); e.__notes__ = 5; e.add_note("x")
def nested():
    try: raise ValueError
    except ((TypeError, (ValueError,)),): return "caught"
def naked():
    try: raise ValueError(1)
    except* ValueError as e: group = e
    return group
attempt(lambda: BlockingIOError(11, "x", 5).characters_written)
attempt(lambda: BlockingIOError(11, "x").characters_written)
attempt(lambda: UnicodeDecodeError("utf-8", "x", 0, 1, "bad"))
attempt(lambda: UnicodeDecodeError())
attempt(lambda: UnicodeEncodeError("a", b"b", 0, 1, "c"))
attempt(lambda: UnicodeTranslateError("a", "b", 0, 1))
attempt(lambda: UnicodeDecodeError("utf-8", b"x", 0, 1, "bad").reason)
attempt(lambda: suppress("a"))
attempt(lambda: ValueError().__setstate__([1]))
for f in (message, noted, nested, naked): attempt(f)
attempt(lambda: ExceptionGroup("m", [ValueError()]))
attempt(lambda: (OSError(1, "x").filename, ImportError("m").path, StopIteration().value, SyntaxError("m").text))
