# A file of compiled code is run as a program; asyncio's prompt awaits.
import os
import py_compile
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "program.py")
    with open(source, "w") as f:
        f.write("import sys\nprint(sys.argv[1:], __name__, __file__.endswith('.pyc'))\n")
    compiled = py_compile.compile(source, os.path.join(folder, "program.pyc"))
    os.remove(source)
    print(subprocess.run([sys.executable, compiled, "a", "b"], capture_output=True, text=True).stdout, end="")
typed = "print('typed')\nawait asyncio.sleep(0)\nprint(6 * 7)\n"
done = subprocess.run([sys.executable, "-m", "asyncio"], input=typed, capture_output=True, text=True)
print([line for line in done.stdout.splitlines() if "typed" in line or "42" in line][:1] != [], done.returncode)
odd = subprocess.run([sys.executable, "-c", "import sys, os; print(ascii(sys.argv[1]), os.fsencode(sys.argv[1]))", b"\xff\xc3\xa9"], capture_output=True, text=True)
print(odd.stdout, end="")
typed = "print('shown')\nimport os\nos._exit(3)\n"
shown = subprocess.run([sys.executable, "-E", "-i"], input=typed, capture_output=True, text=True)
print("shown" in shown.stdout, shown.returncode)
