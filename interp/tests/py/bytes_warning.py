# stderr: compared
# flags: -b
"""-b: bytes taken for text or numbers bring a warning for each place."""
data, array = b"a", bytearray(b"a")
for _ in range(2):
    str(data)
    data == "a"
print(str(array))
print("a" == array, data != 1)
