import os, sys, tempfile
with tempfile.TemporaryDirectory() as d:
    sys.path.insert(0, d)
    sys.dont_write_bytecode = True
    pkg = os.path.join(d, "pkg", "sub")
    os.makedirs(pkg)
    def write(name, text):
        with open(os.path.join(d, "pkg", name), "w") as f: f.write(text)
    write("__init__.py", "print('init', __name__, __package__)\nfrom .a import value\n__all__ = ['a', 'late']\ndef __getattr__(n):\n    if n == 'dynamic': return 'dyn'\n    raise AttributeError(f'module {__name__!r} has no attribute {n!r}')\n")
    write("a.py", "print('a', __name__)\nvalue = 42\nfrom . import b\n")
    write("b.py", "print('b', __name__)\nfrom .a import value as v\nfrom .. import nothing\n" if False else "print('b', __name__)\nfrom pkg import a\nw = a.value\n")
    write("late.py", "print('late')\n")
    write("sub/__init__.py", "from ..a import value as up\nfrom ... import x\n" if False else "from ..a import value as up\n")
    write("broken.py", "def f(:\n")
    write("raises.py", "1 / 0\n")
    import pkg
    print(pkg.value, pkg.a.b.w, pkg.dynamic, pkg.__name__, pkg.__path__ == [os.path.join(d, "pkg")], pkg.__file__.endswith("__init__.py"))
    from pkg import *
    import pkg.sub as s
    print(s.up, s.__package__, sys.modules["pkg.sub"] is s, pkg.__spec__.name, pkg.a.__spec__.parent)
    for text in ("import pkg.none", "import pkg.broken", "import pkg.raises", "from pkg import zzz", "pkg.zzz"):
        try:
            exec(text)
        except Exception as error:
            print(type(error).__name__, str(error).replace(d, "D"))
    print("pkg.raises" in sys.modules)
    import importlib
    importlib.reload(pkg.late if hasattr(pkg, "late") else importlib.import_module("pkg.late"))
    os.makedirs(os.path.join(d, "nspkg"))
    with open(os.path.join(d, "nspkg", "m.py"), "w") as f: f.write("x = 1\n")
    import nspkg.m
    print(nspkg.m.x, nspkg.__file__ if hasattr(nspkg, "__file__") else None, type(nspkg.__path__).__name__)
