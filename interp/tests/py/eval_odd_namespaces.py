exec(compile("x: int = 1", "", "exec"), {}, {})
class Upper(dict):
    def __getitem__(self, key): return key.upper()
try:
    exec("if 1: x: int = 1", {}, Upper())
except (TypeError, SystemError) as e:
    print("refused")
class M:
    def __getitem__(self, key): raise KeyError(key)
    def keys(self): return list("xyz")
print(eval("dir()", {}, M()))
