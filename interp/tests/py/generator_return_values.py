def g():
    x = yield 1
    return x
def run(gen, *sends):
    out = []
    try:
        out.append(next(gen))
        for s in sends: out.append(gen.send(s))
    except StopIteration as stop:
        out.append(("return", stop.value))
    return out
print(run(g(), "v"), run(g()), run((i for i in "ab"), None, None))
def d():
    a = yield from g()
    b = yield from g()
    return a, b
print(run(d(), 1, 2))
def t():
    return (1, 2)
    yield
print(run(t()))
class Sub(StopIteration): pass
def e():
    try: yield 1
    except StopIteration: return "caught"
it = e(); next(it)
try: it.throw(Sub())
except StopIteration as stop: print(stop.value)
