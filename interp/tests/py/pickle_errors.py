# What is wrong with pickles, and with what cannot be pickled.
import io, pickle, struct
def attempt(f):
    try: print("no error:", f())
    except BaseException as e: print(type(e).__module__, type(e).__name__, str(e).split(" at 0x")[0])
for data in [
    b"", b"K", b"N", b"\x80", b"\x80\x09.", b"X\xff\xff\xff\xffabc.", b"]N", b".", b"(.", b"0.", b"(0.", b"1.", b"2.", b"(2.", b"t.", b"(",
    b"a.", b"Na.", b"]a.", b"]e.", b"](e.", b"N(Ne.", b"}s.", b"}Ns.", b"}(Nu.", b"}(u.", b"N(NNu.", b"(Nd.", b"u.", b"b.", b"Nb.", b"NNb.",
    b"R.", b"NR.", b"N)R.", b"NNR.", b"\x81.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)N\x92.", b"N)}\x92.", b"q\x00.", b"\x94.", b"p0\n.", b"Np-1\n.",
    b"h\x00.", b"j\x00\x00\x01\x00.", b"g5\n.", b"g\n.", b"Ix\n.", b"I\n.", b"F\n.", b"S\n.", b"Sabc\n.", b"S'abc\n.", b"S'\\x'\n.",
    b"V\\u12\n.", b"U\x02\xff\xff.", b"\x8b\xff\xff\xff\xff.", b"\x8a\x02\x01.", b"cx", b"c\n\n.", b"cno_such_module\nx\n.", 
    b"\x80\x04\x8c\x08builtins\x8c\x09int.nope.x\x93.", b"N\x8c\x01x\x93.", b"\x93.", b"\x82\x00.", b"\x82\x01.", b"\x84\xff\xff\xff\xff.",
    b"\x95\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x95\x08\x00\x00\x00\x00\x00\x00\x00N.", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.",
    b"\x96\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x97.", b"\x98.", b"N\x98.", b"P\xff\n.", b"Q.", b"NQ.", b"!", b"'", b"\\", b"\xff", b"\x00", b"\x90.", b"N(N\x90.", b"\x91.", 
    b"(o.", b"(No.", b"(Ni", b"cbuiltins\nobject\n)\x81I1\nb.", b"cbuiltins\nobject\n)\x81NI1\n\x86b.", b"cbuiltins\nobject\n)\x81}(I1\nNub.", b"\x8c\x01\xff.", b"\x85.", b"N\x86.", b"(N\x86.",
]:
    print(data[:24], end=" "); attempt(lambda: pickle.loads(data))
attempt(lambda: pickle.loads("text")); attempt(lambda: pickle.loads(5))
attempt(lambda: pickle.dumps(1, 6)); attempt(lambda: pickle.dumps(1, "x")); attempt(lambda: pickle.dumps(1, 2**70))
attempt(lambda: pickle.dumps(1, -1)); attempt(lambda: pickle.dumps(1, 4, buffer_callback=print)); attempt(lambda: pickle.dumps(pickle.PickleBuffer(b""), 4))
attempt(lambda: pickle.loads(b"N.", encoding=5)); attempt(lambda: pickle.loads(b"N.", buffers=5))
attempt(lambda: pickle.loads(b"U\x01\xe9.", encoding="nope"))
class NoInit(pickle.Pickler):
    def __init__(self): pass
class NoInitEither(pickle.Unpickler):
    def __init__(self): pass
attempt(lambda: NoInit().dump(1)); attempt(lambda: NoInitEither().load())
attempt(lambda: pickle.Pickler()); attempt(lambda: pickle.Unpickler()); attempt(lambda: pickle.dumps())
attempt(lambda: setattr(pickle.Pickler(io.BytesIO()), "fast", "x")); attempt(lambda: delattr(pickle.Pickler(io.BytesIO()), "memo"))
class Grows:
    def __init__(self, d): self.d = d
    def __reduce__(self): self.d[len(self.d)] = 1; return int, ()
d = {}; d[0] = Grows(d); d[1] = 5
attempt(lambda: pickle.dumps(d))
class GrowsSet(Grows):
    def __reduce__(self): self.d.add(len(self.d)); return int, ()
s = set(); s.add(GrowsSet(s))
attempt(lambda: pickle.dumps(s))
class Shrinks:
    def __reduce__(self): l.clear(); return int, ()
l = [Shrinks(), 1, 2, 3]
print(pickle.loads(pickle.dumps(l)))
print(issubclass(pickle.PicklingError, pickle.PickleError), issubclass(pickle.UnpicklingError, pickle.PickleError), pickle.PickleError.__bases__, pickle.PicklingError.__module__)
