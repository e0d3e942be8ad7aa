s = "abracadabra"
print(s.find("bra"), s.find("bra", 2), s.find("x"), s.find("", 5), s.find("a", -3), s.find("a", 100), s.find("", 100))
print(s.rfind("bra"), s.rfind("a", 0, 5), s.rfind("x"), s.rfind(""), s.index("c"), s.rindex("a"))
print(s.count("a"), s.count("abra"), s.count(""), s.count("a", 3), s.count("aa"), "aaaa".count("aa"), s.count("a", 2, 6))
for call in (lambda: s.index("x"), lambda: s.rindex("x"), lambda: s.find(1), lambda: s.find()):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
