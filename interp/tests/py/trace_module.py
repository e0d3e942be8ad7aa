# modes: plain
# The module trace: counts of lines, also of library files, which need not be on disk.
import contextlib
import io
import os
import sys
import tempfile
import trace

program = """\
import colorsys


def f(n):
    if n:
        return colorsys.rgb_to_hls(0, 0, 0)[0]
    return 1


for n in (0, 1, 1):
    f(n)
"""

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "prog.py")
    with open(path, "w") as f:
        f.write(program)
    tracer = trace.Trace(count=True, trace=False)
    names = {"__name__": "prog", "__file__": path}
    tracer.runctx(compile(program, path, "exec"), names, names)
    results = tracer.results()
    counts = {line: n for (name, line), n in results.counts.items() if name == path}
    print(sorted(counts.items()))
    with contextlib.redirect_stdout(io.StringIO()):
        results.write_results(show_missing=True, summary=True, coverdir=folder)
    found = {name.rpartition(".cover")[0].rpartition(".")[2]: name for name in os.listdir(folder)}
    with open(os.path.join(folder, found["prog"])) as f:
        print(f.read().replace(" ", "."))
    print("colorsys" in found)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        trace.Trace(count=False, trace=True, ignoremods=["colorsys"]).runctx(compile("x = 1\ny = 2\n", path, "exec"))
    print(out.getvalue().replace(folder, ""))

import colorsys

with open(colorsys.__file__) as f:
    print("rgb_to_hls" in f.read())
try:
    open(os.path.join(os.path.dirname(colorsys.__file__), "no_such_file.py"))
except FileNotFoundError as error:
    print(error.errno)
