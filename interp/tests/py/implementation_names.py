# What tells where things are agrees with where they are.
import os, platform, site, sys, sysconfig
print(platform.python_implementation().lower() == sys.implementation.name)
print(sysconfig.get_path("stdlib") == os.path.dirname(os.__file__))
print(sysconfig.get_path("purelib") in site.getsitepackages())
print(sysconfig.get_path("purelib", f"{os.name}_user") == site.getusersitepackages())
print(platform.python_version() == ".".join(map(str, sys.version_info[:3])), platform.python_compiler() != "")
