# A handler of decoding errors may replace the bytes that are decoded; positions are places in the new ones.
import codecs

seen = []


def replaces(error):
    seen.append((error.start, error.end, len(error.object)))
    error.object = b"<new>"
    return "?", 1


codecs.register_error("test.replaces", replaces)
for encoding in "ascii", "utf-8", "utf-7", "unicode_escape", "raw_unicode_escape", "cp1252", "charmap":
    print(encoding, ascii(b"ab\x81\\x\\u1\xfe+\xff".decode(encoding, "test.replaces")))
print(codecs.charmap_decode(b"ab\xff", "test.replaces", {60: "<", 97: "A", 98: None, 110: "n", 101: "e", 119: "w", 62: ">"}))
print(codecs.utf_8_decode(b"ab\xffcd\xc3", "test.replaces", False))
print(codecs.utf_16_le_decode(b"a\x00\x00\xdc", "test.replaces", False))
print(seen)


def longer(error):
    error.object = error.object[: error.end] + b"!" + error.object[error.end :]
    return "?", error.end


codecs.register_error("test.longer", longer)
print(b"a\xffb\xfec".decode("ascii", "test.longer"))


def text(error):
    error.object = "text"
    return "?", 1


codecs.register_error("test.text", text)
try:
    b"\xff".decode("ascii", "test.text")
except TypeError:
    print("TypeError")
for place in -10, -1, 2, 3:
    codecs.register_error("test.place", lambda error: ("?", place))
    for turn in lambda: b"a\xff".decode("ascii", "test.place") if place != -1 else "", lambda: "a\xff".encode(
        "ascii", "test.place"
    ) if place != -1 else "":
        try:
            print(turn())
        except IndexError as e:
            print(e)
