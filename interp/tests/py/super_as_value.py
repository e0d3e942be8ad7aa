class A(dict):
    def __init__(self, x):
        base = super()
        base.__init__({x: 1})
        self.base = base
    def both(self, f=lambda: None):
        def inner(): return super(A, self).__repr__()
        return super().__repr__(), inner()
a = A(5)
print(a, a.base.__thisclass__.__name__, a.base.__self__ is a, a.both())
class B:
    def no_args(): return super()
    def stars(*args): return super()
    def deleted(self):
        del self
        return super()
    def in_cell(self):
        def keep(): return self
        s = super()
        return s.__self__ is keep()
print(B().in_cell())
for call in (B.no_args, lambda: B().stars(), lambda: B().deleted(), super):
    try: call()
    except RuntimeError as e: print(e)
