print(..., None, NotImplemented, type(...), type(None)() is None, type(NotImplemented)() is NotImplemented, [...], None == None, None is not ..., repr(None), bool(...), None.__class__, (lambda: ...)(), {None: 1}[None])
n, xs = None, []
for text in ("None.x", "n()", "None + 1", "n[0]", "None < None", "len(None)", "xs[None]", "None.x = 1", "... + 1"):
    try:
        exec(text)
    except Exception as error:
        print(text, type(error).__name__, error)
