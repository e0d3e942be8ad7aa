table = str.maketrans("abc", "xyz", "d")
print("aabbccdd".translate(table), table)
print("abc".translate({97: "long", 98: None, 99: 0x3B1}), "abc".translate({}), str.maketrans({"a": 1, 98: "b"}))
class Upper(dict):
    def __missing__(self, key):
        return chr(key).upper()
print("abc".translate(Upper()))
for call in (lambda: str.maketrans("ab", "c"), lambda: str.maketrans({"ab": 1}), lambda: str.maketrans(1), lambda: "a".translate({97: 0x110000})):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
