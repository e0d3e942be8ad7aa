n = 1000
print(n.bit_length(), (-n).bit_length(), (0).bit_length(), (2 ** 100).bit_length())
print(n.bit_count(), (-7).bit_count(), (2 ** 100 - 1).bit_count())
print(n.conjugate(), n.real, n.imag, n.numerator, n.denominator, n.is_integer(), n.as_integer_ratio())
print(n.__index__(), n.__trunc__(), n.__floor__(), n.__ceil__(), True.numerator)
