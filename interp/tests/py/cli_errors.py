import subprocess, sys, os
def run(*args, **kw):
    r = subprocess.run([sys.executable, *args], capture_output=True, text=True, **kw)
    return r.returncode, r.stdout, r.stderr.replace(sys.executable, "EXE").replace(os.path.dirname(__file__) + "/", "").splitlines()[-1:]
print(run("/no/such/file.py"))
print(run("-c", "raise SystemExit('bye')"))
print(run("-c", "x = = 1"))
print(run("-m", "no_such_module_zz"))
print(run("-c", "import os; os.kill(os.getpid(), 2)")[0])
print(run("-c", "import sys; sys.stdout.write('partial'); sys.exit(4)"))
print(run("-c", "1/0"))
print(run("-W", "ignore", "-c", "import warnings; warnings.warn('x'); print('ok')"))
print(run("-V")[1].startswith("Python 3."))
print(run("-c", "import sys; print(sys.argv)", "a", "-b"))
print(run("-")[0], run("-E", "-s", "-S", "-u", "-c", "print(1)")[:2])
