# stderr: compared
"""Without -b nothing is said of bytes taken for text."""
data, array = b"a", bytearray(b"a")
for _ in range(2):
    str(data)
    data == "a"
print(str(array))
print("a" == array, data != 1)
