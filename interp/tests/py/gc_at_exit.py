import gc
class Evil:
    def __init__(self, d): self.d = d
    def __del__(self):
        self.d.pop("attr", None)
        gc.collect()
class Obj: pass
def go():
    obj = Obj()
    obj.__dict__ = {}
    for _ in range(10):
        obj.attr = Evil(obj.__dict__)
go()
print("done")
