# What a profile function is told, and the profilers of the library.
import contextlib
import gc
import io
import profile
import pstats
import sys

# Callbacks of what importing has left behind are not to be among the events.
gc.collect()
events = []


def hook(frame, event, arg):
    if event.startswith("c_"):
        arg = arg.__name__
    events.append((event, frame.f_code.co_name, arg))


def show(text):
    events.clear()
    sys.setprofile(hook)
    try:
        exec(text)
    except Exception:
        pass
    finally:
        sys.setprofile(None)
    print(text.replace("\n", "; "))
    for event in events:
        print("  ", *event)


show("len([])")
show("[].append(1)\n[].pop()")
show("max([2, 1], key=lambda x: -x)")
show("def f():\n yield 1\nlist(f())")
show("def f():\n yield 1\nnext(f())")
show("class A:\n def __init__(self): pass\nA()")
show("def g(): 1 / 0\ng()")
show("int('x')")
print(sys.getprofile())


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


for make in (profile.Profile, __import__("cProfile").Profile):
    p = make()
    p.runcall(fib, 8)
    p.create_stats()
    stats = p.stats
    key = next(k for k in stats if k[2] == "fib")
    primitive, calls, own, total, callers = stats[key]
    print(make.__module__, primitive, calls, own >= 0, total >= own, "fib" in [c[2] for c in callers])

out = io.StringIO()
with contextlib.redirect_stdout(out):
    __import__("cProfile").run("fib(5); len('')", sort="name")
text = out.getvalue()
print("built-in method builtins.len" in text, "(fib)" in text, "15/1" in text)
p = __import__("cProfile").Profile()
with p:
    fib(3)
with contextlib.redirect_stdout(io.StringIO()):
    pstats.Stats(p).sort_stats("cumulative").print_stats()
print(sys.getprofile())
