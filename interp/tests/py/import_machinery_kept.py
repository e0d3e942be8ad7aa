# The machinery of imports is what was loaded first, whatever a program does to sys.modules; what sys has stays.
import gc
import sys

import importlib

finders, hooks = sys.meta_path, sys.path_hooks
names = ("importlib", "importlib._bootstrap", "importlib._bootstrap_external", "_frozen_importlib", "_frozen_importlib_external")
for i in range(3):
    saved = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules["_frozen_importlib"] = sys.modules["_frozen_importlib_external"] = None
    import importlib as fresh

    print(fresh is importlib)
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(saved)
    gc.collect()
    rubbish = [[j] for j in range(10000)]
    print(sys.meta_path is finders, sys.path_hooks is hooks, type(sys.meta_path) is list)
import json.tool
import os

print(json.tool.__name__)
path = "times-of-import-test"
open(path, "w").close()
os.utime(path, ns=(2**62, 2**62))
os.utime(path, (12 * 10**9, 12 * 10**9))
print(os.stat(path).st_mtime_ns == 12 * 10**18)
os.remove(path)
