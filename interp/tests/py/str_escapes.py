print("\a\b\f\v".encode(), "\101\x41\u0041\U00000041\N{LATIN SMALL LETTER A}", "a\
b", r"\n\t", "\N{BULLET}", "\0" == chr(0), '\'\"', "\18" == "\x018")
print(b"\x41\101\n\\", rb"\x41", Rb"\n", br"\t", u"unicode", "con" "cat" 'ted')
print("""multi
line "quoted" text""", '''it's''')
