# requires: 3.14
a = 3 + 4j
b = 1 - 2j
print(a + b, a - b, a * b, a / b, a ** 2, -a, +a, abs(a), a.conjugate(), a.real, a.imag)
print(a == 3 + 4j, a != b, complex(3), complex(3, 4) == a, 1j * 1j, 2 ** 1j, complex("1+2j"), complex(" -3j "), complex("inf"), complex("1e5-nanj"))
print(repr(1j), repr(-1j), repr(0j), repr(complex(-0.0, -0.0)), repr(complex(1, -0.0)), repr(1.5 + 2e20j), str(complex("nan")))
for text in ("a < b", "a // b", "a % b", "int(a)", "float(a)", "complex('1+')", "complex('1 + 2j')", "a / 0", "0j ** -1", "complex('1', 2)", "complex(1, '2')"):
    try:
        print(eval(text))
    except Exception as error:
        print(text, type(error).__name__, error)
