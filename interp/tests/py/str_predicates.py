for s in ("", "abc", "ABC", "aBc", "123", "12a", " \t\n", "²", "½", "Ⅷ", "١٢", "Hello World", "_x1", "1x", "é", "ab\n"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.islower(), s.isupper(), s.istitle(), s.isidentifier(), s.isprintable(), s.isascii())
