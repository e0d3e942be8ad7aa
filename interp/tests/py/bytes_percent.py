print(b"%d %s %b %x %c %%" % (1, b"a", b"b", 255, 65), b"%(k)s" % {b"k": b"v"}, b"%5d|%-5s|" % (3, b"a"), b"%a" % "é", b"%.2f" % 1.5, b"%r" % b"x")
for text, arg in ((b"%s", "a"), (b"%d", "a"), (b"%c", 256), (b"%b", 1)):
    try:
        print(text % arg)
    except Exception as error:
        print(type(error).__name__, error)
