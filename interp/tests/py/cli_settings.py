# modes: plain
"""What options and variables of the command line set, as a program started with them sees it."""
import os
import subprocess
import sys


def run(code, *flags, **env):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment = {k: v for k, v in environment.items() if "COLOR" not in k and k != "LANG"}
    environment["LC_ALL"] = "C"
    result = subprocess.run(
        [sys.executable, *flags, "-c", code], capture_output=True, env=environment | env
    )
    print(result.returncode, result.stdout, result.stderr)


streams = "import sys; print([(s.encoding, s.errors) for s in (sys.stdin, sys.stdout, sys.stderr)], '\\xe9')"
run(streams)
run(streams, PYTHONIOENCODING="latin-1")
run(streams, PYTHONIOENCODING="ascii:backslashreplace")
run(streams, PYTHONIOENCODING=":ignore")
run(streams, "-E", PYTHONIOENCODING="latin-1")
run(streams, "-X", "utf8")

cpus = "import os; print(os.cpu_count())"
run(cpus, "-X", "cpu_count=5")
run(cpus, PYTHON_CPU_COUNT="7")
run(cpus, "-X", "cpu_count=5", PYTHON_CPU_COUNT="7")

digits = "import sys; print(sys.get_int_max_str_digits(), sys.flags.int_max_str_digits)"
run(digits)
run(digits, "-X", "int_max_str_digits=0")
run(digits, PYTHONINTMAXSTRDIGITS="700")

prefix = "import sys; print(sys.pycache_prefix)"
run(prefix)
run(prefix, PYTHONPYCACHEPREFIX="/tmp/prefix")
run(prefix, "-X", "pycache_prefix=/tmp/other", PYTHONPYCACHEPREFIX="/tmp/prefix")

run("import _imp; print(_imp.check_hash_based_pycs)", "--check-hash-based-pycs", "always")
run("import sys; print(sys.warnoptions)", "-X", "dev", "-W", "error")
run("breakpoint('called')", PYTHONBREAKPOINT="builtins.print")
run("breakpoint('called')", PYTHONBREAKPOINT="0")
opening = "try: open('/dev/null').close()\nexcept EncodingWarning as e: print(e)"
run(opening, "-X", "warn_default_encoding", "-W", "error")
run("open('/dev/null', encoding='utf-8').close()", "-X", "warn_default_encoding")

failing = "def f():\n    return 1 / 0\nf()"
run(failing)
run(failing, "-X", "no_debug_ranges")
run(failing, PYTHONNODEBUGRANGES="1")
run("print(list((lambda: 1).__code__.co_positions())[-1])", "-X", "no_debug_ranges")
run(failing, PYTHON_COLORS="1")
run(failing, FORCE_COLOR="1", PYTHON_COLORS="0")
