print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "a" == "a", "a" != "b", "Z" < "a", "\U0001f600" > "\uffff")
print(sorted(["banana", "Apple", "cherry", "apple", "_", "1", "É"]), max("hello"), "a" <= "a")
try:
    "a" < 1
except TypeError as error:
    print(error)
