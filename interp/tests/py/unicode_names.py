import unicodedata
print(unicodedata.name("a"), unicodedata.lookup("SNOWMAN"), unicodedata.category("A"), unicodedata.category("1"), unicodedata.normalize("NFD", "é").encode(), unicodedata.normalize("NFC", "e\u0301"), unicodedata.combining("\u0301"), unicodedata.numeric("½"), unicodedata.decimal("5"), unicodedata.bidirectional("a"), unicodedata.east_asian_width("a"))
try:
    unicodedata.name("\0")
except ValueError as error:
    print(error)
