# flags: -bb
"""-bb: bytes taken for text or numbers raise BytesWarning."""
import sys


def show(f):
    try:
        print(repr(f()))
    except BytesWarning as e:
        print("BytesWarning", e)


data, array = b"a", bytearray(b"a")
print(sys.flags.bytes_warning)
for f in [
    lambda: str(data),
    lambda: str(array),
    lambda: f"{data}",
    lambda: "%s" % data,
    lambda: "{}".format(array),
    lambda: print(data),
    lambda: data == "a",
    lambda: "a" == data,
    lambda: data != "a",
    lambda: "a" in [data],
    lambda: array == "a",
    lambda: "a" != array,
    lambda: data == 97,
    lambda: 97 == data,
    lambda: data != True,
]:
    show(f)
for f in [
    lambda: repr(data),
    lambda: "%r" % array,
    lambda: str(data, "ascii"),
    lambda: data == array,
    lambda: data == 1.0,
    lambda: data == None,
    lambda: array == 97,
    lambda: memoryview(data) == "a",
    lambda: data in {b"b": 1},
]:
    show(f)
try:
    data < "a"
except TypeError as e:
    print(e)
