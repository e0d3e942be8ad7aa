class Base:
    def __enter__(self): print("base enter"); return self
    def __exit__(self, *a): print("base exit", a[0]); return False
class Sub(Base):
    def __enter__(self): super().__enter__(); print("sub enter"); return self
    def __exit__(self, *a): r = super().__exit__(*a); print("sub exit"); return True
with Sub() as s:
    print(type(s).__name__); raise KeyError
print("after")
