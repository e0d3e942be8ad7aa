import sys
print(sys.getsizeof([]) > 0, sys.getrefcount(None) > 0, sys.maxunicode, sys.float_info.max, sys.float_info.dig, sys.int_info.bits_per_digit > 0, sys.platform, sys.byteorder, type(sys.flags).__name__, sys.flags.optimize, sys.getdefaultencoding(), sys.getfilesystemencoding(), "sys" in sys.builtin_module_names, isinstance(sys.path, list), "math" in sys.stdlib_module_names, sys.hash_info.modulus == 2 ** 61 - 1, callable(sys.displayhook), sys.is_finalizing(), sys.getswitchinterval() > 0)
class V: 
    def __repr__(self): return "shown"
sys.displayhook(V()); sys.displayhook(None)
import builtins; print(builtins._)
sys.settrace(None); sys.setprofile(None)
print(sys.intern("a") == "a", sys.exc_info(), sys.version_info >= (3, 13), sys.call_tracing if False else "")
