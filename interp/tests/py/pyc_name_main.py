import runpy, sys, os, tempfile
print(__name__, __file__.endswith("pyc_name_main.py"))
with tempfile.TemporaryDirectory() as d:
    os.mkdir(os.path.join(d, "pack"))
    for n, t in (("pack/__init__.py", ""), ("pack/__main__.py", "print('main of', __package__, __name__)"), ("mod.py", "print('mod', __name__); x = 1"), ("__main__.py", "print('directory', __name__)")):
        with open(os.path.join(d, n), "w") as f: f.write(t)
    sys.path.insert(0, d)
    print(runpy.run_module("mod")["x"]); runpy.run_module("pack", run_name="__main__"); runpy.run_path(os.path.join(d, "mod.py"))
    import subprocess
    env = {**os.environ, "PYTHONPATH": d}
    for args in (["-m", "pack"], ["-m", "mod"], [d], ["-c", "print('c', __name__)"]):
        print(subprocess.run([sys.executable, *args], capture_output=True, text=True, env=env, cwd=d).stdout.strip())
    print(subprocess.run([sys.executable, "-"], input="print('stdin', __name__)", capture_output=True, text=True).stdout.strip())
