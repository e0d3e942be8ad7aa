s = "héllo wörld"
print(s[0], s[1], s[-1], s[1:4], s[::-1], s[::2], s[-3:], s[5:2], s[:100], s[100:], len(s), s[-100:2], s[3:-2:3])
for index in (11, -12, "a", 1.0, None):
    try:
        print(s[index])
    except Exception as error:
        print(type(error).__name__, error)
try:
    s[0] = "x"
except TypeError as error:
    print(error)
try:
    s[::0]
except ValueError as error:
    print(error)
