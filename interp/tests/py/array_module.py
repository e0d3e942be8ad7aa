from array import array
a = array("i", [1, 2, 3])
a.append(4)
a.extend([5])
print(a, a[0], a[1:3], a.typecode, a.itemsize, len(a), a.tolist(), a.index(3), a.count(1), a.pop(), a + array("i", [9]), a * 2)
a.insert(0, 7)
a.remove(2)
a.reverse()
print(a, a.tobytes()[:4], array("d", [1.5]), array("u", "hé") if False else "", array("B", b"ab"), list(a), 3 in a, a == array("i", list(a)))
for call in (lambda: array("i", ["a"]), lambda: array("b", [200]), lambda: array("?"), lambda: array("i").pop()):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
