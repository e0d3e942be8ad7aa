import sys, types
print(__name__, __doc__, __package__, __spec__, type(__loader__).__name__ != "", __file__.endswith("module_attributes.py"))
m = types.ModuleType("fake", "doc")
m.x = 1
sys.modules["fake"] = m
import fake
from fake import x
print(fake, x, m.__doc__, vars(m)["x"], m.__dict__ is vars(m))
del m.x
try:
    m.x
except AttributeError as error:
    print(error)
try:
    from fake import y
except ImportError as error:
    print(error)
print(sys, types.__name__, repr(sys.modules["builtins"]), type(sys))
