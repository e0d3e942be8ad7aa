class Base:
    def __init__(self, **kw):
        self.log = ["Base"]
        assert not kw
class L(Base):
    def __init__(self, *, l, **kw):
        super().__init__(**kw)
        self.log.append(("L", l))
class R(Base):
    def __init__(self, *, r, **kw):
        super().__init__(**kw)
        self.log.append(("R", r))
class Both(L, R):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.log.append("Both")
print(Both(l=1, r=2).log)
class NoInit(Both): pass
print(NoInit(r=5, l=6).log)
