from decimal import Decimal, getcontext, localcontext, ROUND_HALF_UP, InvalidOperation
from fractions import Fraction
print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / 3, Decimal("1.50").quantize(Decimal("0.1"), ROUND_HALF_UP), Decimal("1e5"), Decimal(2).sqrt(), Decimal("NaN"), repr(Decimal("-0.00")), Decimal("1.1").as_tuple(), int(Decimal("3.9")), f"{Decimal('1234.5'):,.2f}", Decimal(0.1))
with localcontext() as c:
    c.prec = 5
    print(Decimal(1) / 7)
try:
    Decimal("x")
except InvalidOperation as error:
    print("InvalidOperation")
print(Fraction(3, 6), Fraction("0.25"), Fraction(1, 3) + Fraction(1, 6), Fraction(0.5), Fraction(7, 2) // 1, round(Fraction(7, 2)), Fraction(1, 3).limit_denominator(2), float(Fraction(1, 4)), Fraction(1, 2) == 0.5, repr(Fraction(-1, 2)))
try:
    Fraction(1, 0)
except ZeroDivisionError as error:
    print(error)
