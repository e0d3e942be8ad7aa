print(b"h\xc3\xa9".decode(), b"\xff\xfe".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", "ignore"), ascii(b"a\xff".decode("utf-8", "surrogateescape")), b"\xe9".decode("latin-1"), b"a\xff".decode("ascii", "backslashreplace"))
print(b"\xff\xfea\x00".decode("utf-16"), b"a\x00".decode("utf-16-le"), b"\xef\xbb\xbfhi".decode("utf-8-sig"), str(b"abc", "ascii"), str(b"abc"))
for data, codec in ((b"\xff", "utf-8"), (b"\xe2\x82", "utf-8"), (b"\xc0\x80", "utf-8"), (b"\xed\xa0\x80", "utf-8"), (b"\x80", "ascii"), (b"a", "utf-16-le"), (b"\xf8aa", "utf-8"), (b"ab\xe2(\xa1", "utf-8")):
    try:
        print(data.decode(codec))
    except UnicodeDecodeError as error:
        print(error, error.start, error.end, error.reason, error.object, error.encoding)
