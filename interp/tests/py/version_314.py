# requires: 3.14
import sys
print(sys.version_info[:2], sys.implementation.name, sys.version.split()[0].startswith("3.14"), sys._is_gil_enabled())
print(sys.hexversion >> 16 == 0x30E, sys.maxsize == 2 ** 63 - 1, sys.byteorder)
