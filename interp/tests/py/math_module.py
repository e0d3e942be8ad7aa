# requires: 3.14
import math
print(math.sqrt(2), math.floor(-2.5), math.ceil(-2.5), math.trunc(2.9), math.fabs(-3), math.factorial(25))
print(math.gcd(12, 18, 27), math.lcm(4, 6), math.comb(30, 15), math.perm(10, 3), math.isqrt(10 ** 40), math.isclose(0.1 + 0.2, 0.3))
print(math.exp(1), math.log(10), math.log(8, 2), math.log2(1024), math.log10(1e5), math.log1p(1e-10), math.expm1(1e-10))
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, -1), math.degrees(math.pi), math.radians(180), math.hypot(3, 4, 12))
print(math.copysign(1, -0.0), math.fmod(-7, 3), math.remainder(7, 4), math.modf(-2.5), math.frexp(10), math.ldexp(0.5, 4))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.pi, math.e, math.tau, math.prod([1, 2, 3, 4], start=2), math.dist((0, 0), (3, 4)))
print(math.sumprod([1, 2, 3], [4, 5, 6]), math.cbrt(8), math.exp2(10), math.ulp(1.0), math.nextafter(1, 2), math.fma(2.0, 3.0, 4.0))
for text in ("math.sqrt(-1)", "math.log(0)", "math.factorial(-1)", "math.factorial(1.5)", "math.isqrt(-1)", "math.exp(1000)", "math.sqrt('a')", "math.comb(-1, 2)", "math.fmod(1, 0)"):
    try:
        print(eval(text))
    except Exception as error:
        print(text, type(error).__name__, error)
print(math.log(10 ** 400), math.floor(1e20), math.gamma(5), math.lgamma(10), math.erf(0.5), math.erfc(0.5))
