print("ell" in "hello", "" in "", "x" not in "abc", "abc" in "ab", "é" in "café")
try:
    1 in "a"
except TypeError as error:
    print(error)
