# requires: taipan
# modes: plain
"""-X stm-report names the lines of both sides of a conflict, the class of the object and what helps."""
import re
import subprocess
import sys

PROGRAM = """\
import threading
from time import perf_counter
from transaction import atomic

class Box:
    pass

box = Box()
box.n = 0
done = False

def change():
    while not done:
        box.n += 1

def look():
    global done
    with atomic:
        first = box.n
        end = perf_counter() + 0.03
        while perf_counter() < end:
            pass
        second = box.n
        assert first == second
    done = True

threads = [threading.Thread(target=f) for f in (change, look)]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""


def report(program):
    result = subprocess.run(
        [sys.executable, "-X", "stm-report", "-c", program], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stderr


print(report("print(1)"), end="")

first, *rest = report(PROGRAM).splitlines(keepends=True)
print(bool(re.fullmatch(r"\[stm\] lost to conflicts: [\d.]+ ms in \d+ attempts?, \d+ bytecodes\n", first)))
pairs = re.findall(r"\[stm\] ([\d.]+ ms in \d+ attempts?): (.*)\n((?:\[stm\]     .*\n)+)", "".join(rest))
for amount, what, lines in pairs:
    if "changed after" in what and "lost <string>:19 " in lines:
        print(what, lines, sep="\n", end="")
