import types
m = types.ModuleType("m")
exec("def __getattr__(name):\n    if name == 'x': return 5\n    raise AttributeError(name)\ndef __dir__(): return ['x', 'y']", m.__dict__)
print(m.x, dir(m), hasattr(m, "zz"))
