for s in ("plain", "it's", 'say "hi"', "both ' and \"", "tab\tnew\nret\r", "\x00\x1f\x7f", "\xa0\xad", "é\u0300", "\u2028\ue000", "\U0001f600", "\ud800", "\\", "\U0010ffff"):
    print(ascii(s), repr(s) if s != "\ud800" else "", len(s))
