print(chr(97), chr(0x1F600), ord("a"), ord("\U0010ffff"), ord(b"x"), chr(0) == "\0")
for call in (lambda: chr(-1), lambda: chr(0x110000), lambda: ord("ab"), lambda: ord(""), lambda: ord(1), lambda: chr("a"), lambda: chr(2 ** 70)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
