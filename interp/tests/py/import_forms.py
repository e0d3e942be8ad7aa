import os.path as p, sys
from os import path, sep as separator
from collections import *
from math import (sqrt, pi,)
import xml.dom
print(p is path, separator, OrderedDict.__name__, deque.__name__, sqrt(16), xml.dom.__name__, "os" in dir(), sys.modules["os.path"] is p)
def f():
    from string import digits
    import string as s
    return digits, s.digits is digits
print(f())
import importlib
print(importlib.import_module("json").__name__, __import__("os.path").__name__, __import__("os.path", fromlist=["join"]).__name__, importlib.import_module(".decoder", "json").__name__)
for text in ("import nope", "from os import nope", "from nope import x", "import os.nope", "from . import x", "from .x import y", "import json.nope"):
    try:
        exec(text)
    except ImportError as error:
        print(text, type(error).__name__, str(error).split(" (")[0])
