# Results that no memory could hold are refused with MemoryError; the program goes on.
import io
import os
import struct
import codecs

BIG = 1 << 46


def attempt(what):
    try:
        what()
    except MemoryError:
        return True
    return False


def past_the_end(f, chunk):
    f.seek(BIG)
    f.write(chunk)


assert attempt(lambda: bytes(BIG))
assert attempt(lambda: bytearray(BIG))
assert attempt(lambda: bytearray(b"ab") * BIG)
assert attempt(lambda: bytearray().resize(BIG))
for unit in ["a", "é", b"a", bytearray(b"a")]:
    assert attempt(lambda: unit * BIG)
    for method in ["center", "ljust", "rjust", "zfill"]:
        assert attempt(lambda: getattr(unit, method)(BIG)), method
    tab = "\t" if isinstance(unit, str) else b"\t"
    assert attempt(lambda: (unit + tab).expandtabs(BIG))
    many = unit * (1 << 23)
    assert attempt(lambda: many.replace(unit, unit * (1 << 23)))
assert attempt(lambda: "%*d" % (BIG, 1))
assert attempt(lambda: "%*s" % (BIG, ""))
for value in [1, 1.5, 1j, "a"]:
    assert attempt(lambda: format(value, str(BIG)))
assert attempt(lambda: format(1, f"0{BIG},"))
assert attempt(lambda: past_the_end(io.BytesIO(), b"a"))
assert attempt(lambda: past_the_end(io.StringIO(), "a"))
assert attempt(lambda: struct.pack(f"{BIG}s", b""))
assert attempt(lambda: os.urandom(BIG))

# Decoders take bytes, not text; errors= is text.
for name in ["utf_8", "latin_1", "utf_16", "charmap", "ascii"]:
    decode = getattr(codecs, name + "_decode")
    for args in [("ab",), (b"ab", 1)]:
        try:
            decode(*args)
        except TypeError:
            pass
        else:
            raise AssertionError(name)
assert codecs.unicode_escape_decode("\\n") == ("\n", 2)
print("ok")
