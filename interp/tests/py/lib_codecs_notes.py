# A codec of the registry that fails is named in a note; what is cut short waits for the rest.
import codecs

for f, args in ((codecs.encode, ("é", "ascii")), (codecs.decode, (b"zz", "hex")), ("é".encode, ("cp437x",)), ("\u4e00".encode, ("cp437",)), ("é".encode, ("ascii",))):
    try:
        f(*args)
    except Exception as e:
        print(type(e).__name__, getattr(e, "__notes__", None))
decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
print([ascii(decoder.decode(part)) for part in (b"\xed", b"\xa0", b"\x80", b"a")])
print("\0+".encode("utf-7"), b"a+AAA-b".decode("utf-7"))
for name in ("utf_8_decode", "utf_7_decode", "latin_1_decode"):
    try:
        print(getattr(codecs, name)("text"))
    except TypeError as e:
        print(e)
print(codecs.unicode_escape_decode("\\u0041"), codecs.escape_decode("\\n"))
