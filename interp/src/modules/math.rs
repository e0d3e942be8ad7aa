//! `math`: functions of floats. Those of integers and of iterables are in `math_ints.rs` and
//! `math_sums.rs`; the mathematics is in `taipan_objects::num::mathfns`. Pure: no conflicts.

use taipan_objects::{
    Args, Completion, Cx, NativeDef, Obj, Special, Value,
    num::{
        NumResult,
        mathfns::{bits, elementary as f, elementary::LogBase, gamma},
    },
    protocol::{self, call_special, convert::as_int},
    raise,
    types::{
        int_new::float_to_int,
        number::{OrRaise, big_of, float_of, to_f64},
    },
};

use super::{ModuleDef, math_ints, math_sums, rows::row, set};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    doc: "This module provides access to the mathematical functions\ndefined by the C standard.",
    functions: FUNCTIONS,
    exec,
    ..ModuleDef::BASE
};

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    use std::f64::consts::{E, PI, TAU};
    for (name, v) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)]
    {
        set(cx, module, name, Value::float(v))?;
    }
    Ok(())
}

/// A function of one float that cannot fail.
macro_rules! plain {
    ($name:literal, $f:expr, $doc:literal) => {
        row!(
            $name,
            "(x, /)",
            |cx, args| {
                let f: fn(f64) -> f64 = $f;
                to_f64(cx, args.get(0)).map(|x| Value::float(f(x)))
            },
            $doc
        )
    };
}

/// A function of one float that can fail.
macro_rules! checked {
    ($name:literal, $f:expr, $doc:literal) => {
        row!($name, "(x, /)", |cx, args| unary(cx, args, $f), $doc)
    };
}

/// A predicate of one float.
macro_rules! test {
    ($name:literal, $f:expr, $doc:literal) => {
        row!(
            $name,
            "(x, /)",
            |cx, args| {
                let f: fn(f64) -> bool = $f;
                to_f64(cx, args.get(0)).map(|x| Value::bool(f(x)))
            },
            $doc
        )
    };
}

/// A function of two floats.
macro_rules! two {
    ($name:literal, $sig:literal, $f:expr, $doc:literal) => {
        row!($name, $sig, |cx, args| binary(cx, args, $f), $doc)
    };
}

fn unary(cx: &mut Cx, args: Args<'_>, f: fn(f64) -> NumResult<f64>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    f(x).or_raise(cx).map(Value::float)
}

fn binary(cx: &mut Cx, args: Args<'_>, f: fn(f64, f64) -> NumResult<f64>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let y = to_f64(cx, args.get(1))?;
    f(x, y).or_raise(cx).map(Value::float)
}

const FUNCTIONS: &[NativeDef] = &[
    checked!(
        "acos",
        f::acos,
        "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi."
    ),
    checked!("acosh", f::acosh, "Return the inverse hyperbolic cosine of x."),
    checked!(
        "asin",
        f::asin,
        "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."
    ),
    plain!("asinh", f::asinh, "Return the inverse hyperbolic sine of x."),
    plain!(
        "atan",
        f64::atan,
        "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."
    ),
    two!(
        "atan2",
        "(y, x, /)",
        |y, x| Ok(y.atan2(x)),
        "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered."
    ),
    checked!("atanh", f::atanh, "Return the inverse hyperbolic tangent of x."),
    plain!("cbrt", f64::cbrt, "Return the cube root of x."),
    row!(
        "ceil",
        "(x, /)",
        |cx, args| to_integral(cx, args.get(0), Special::Ceil, f64::ceil),
        "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x."
    ),
    row!(
        "comb",
        "(n, k, /)",
        math_ints::comb,
        "Number of ways to choose k items from n items without repetition and without order.\n\nEvaluates to n! / (k! * (n - k)!) when k <= n and evaluates\nto zero when k > n.\n\nAlso called the binomial coefficient because it is equivalent\nto the coefficient of k-th term in polynomial expansion of the\nexpression (1 + x)**n.\n\nRaises TypeError if either of the arguments are not integers.\nRaises ValueError if either of the arguments are negative."
    ),
    two!(
        "copysign",
        "(x, y, /)",
        |x, y| Ok(x.copysign(y)),
        "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn platforms that support signed zeros, copysign(1.0, -0.0)\nreturns -1.0."
    ),
    checked!("cos", f::cos, "Return the cosine of x (measured in radians)."),
    checked!("cosh", f::cosh, "Return the hyperbolic cosine of x."),
    plain!(
        "degrees",
        |x| x * (180.0 / std::f64::consts::PI),
        "Convert angle x from radians to degrees."
    ),
    row!(
        "dist",
        "(p, q, /)",
        math_sums::dist,
        "Return the Euclidean distance between two points p and q.\n\nThe points should be specified as sequences (or iterables) of\ncoordinates.  Both inputs must have the same dimension.\n\nRoughly equivalent to:\n    sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, q)))"
    ),
    plain!("erf", gamma::erf, "Error function at x."),
    plain!("erfc", gamma::erfc, "Complementary error function at x."),
    checked!("exp", f::exp, "Return e raised to the power of x."),
    checked!("exp2", f::exp2, "Return 2 raised to the power of x."),
    checked!(
        "expm1",
        f::expm1,
        "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x."
    ),
    plain!("fabs", f64::abs, "Return the absolute value of the float x."),
    row!("factorial", "(n, /)", math_ints::factorial, "Find n!."),
    row!(
        "floor",
        "(x, /)",
        |cx, args| to_integral(cx, args.get(0), Special::Floor, f64::floor),
        "Return the floor of x as an Integral.\n\nThis is the largest integer <= x."
    ),
    row!(
        "fma",
        "(x, y, z, /)",
        fma,
        "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round."
    ),
    two!(
        "fmod",
        "(x, y, /)",
        f::fmod,
        "Return fmod(x, y), according to platform C.\n\nx % y may differ."
    ),
    row!(
        "frexp",
        "(x, /)",
        frexp,
        "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an int, such that x = m * 2.**e.\nIf x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0."
    ),
    row!(
        "fsum",
        "(seq, /)",
        math_sums::fsum,
        "Return an accurate floating-point sum of values in the iterable seq.\n\nAssumes IEEE-754 floating-point arithmetic."
    ),
    checked!("gamma", gamma::gamma, "Gamma function at x."),
    row!("gcd", "(*integers)", math_ints::gcd, "Greatest Common Divisor."),
    row!(
        "hypot",
        "(*coordinates)",
        math_sums::hypot,
        "Multidimensional Euclidean distance from the origin to a point.\n\nRoughly equivalent to:\n    sqrt(sum(x**2 for x in coordinates))\n\nFor a two dimensional point (x, y), gives the hypotenuse\nusing the Pythagorean theorem:  sqrt(x*x + y*y).\n\nFor example, the hypotenuse of a 3/4/5 right triangle is:\n\n    >>> hypot(3.0, 4.0)\n    5.0\n"
    ),
    row!(
        "isclose",
        "(a, b, *, rel_tol=<1e-09>, abs_tol=<0.0>)",
        is_close,
        "Determine whether two floating-point numbers are close in value.\n\n  rel_tol\n    maximum difference for being considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum difference for being considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is close in value to b, and False otherwise.\n\nFor the values to be considered close, the difference between them\nmust be smaller than at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard.  That\nis, NaN is not close to anything, even itself.  inf and -inf are\nonly close to themselves."
    ),
    test!(
        "isfinite",
        f64::is_finite,
        "Return True if x is neither an infinity nor a NaN, and False otherwise."
    ),
    test!(
        "isinf",
        f64::is_infinite,
        "Return True if x is a positive or negative infinity, and False otherwise."
    ),
    test!("isnan", f64::is_nan, "Return True if x is a NaN (not a number), and False otherwise."),
    row!(
        "isqrt",
        "(n, /)",
        math_ints::isqrt,
        "Return the integer part of the square root of the input."
    ),
    row!("lcm", "(*integers)", math_ints::lcm, "Least Common Multiple."),
    row!(
        "ldexp",
        "(x, i, /)",
        ldexp,
        "Return x * (2**i).\n\nThis is essentially the inverse of frexp()."
    ),
    checked!(
        "lgamma",
        gamma::lgamma,
        "Natural logarithm of absolute value of Gamma function at x."
    ),
    row!(
        "log",
        "(x, base=<math.e>, /)",
        log,
        "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of x."
    ),
    row!(
        "log10",
        "(x, /)",
        |cx, args| log_of(cx, LogBase::Ten, args.get(0)).map(Value::float),
        "Return the base 10 logarithm of x."
    ),
    checked!(
        "log1p",
        f::log1p,
        "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is accurate for x near zero."
    ),
    row!(
        "log2",
        "(x, /)",
        |cx, args| log_of(cx, LogBase::Two, args.get(0)).map(Value::float),
        "Return the base 2 logarithm of x."
    ),
    row!(
        "modf",
        "(x, /)",
        modf,
        "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are floats."
    ),
    row!(
        "nextafter",
        "(x, y, /, *, steps=None)",
        next_after,
        "Return the floating-point value the given number of steps after x towards y.\n\nIf steps is not specified or is None, it defaults to 1.\n\nRaises a TypeError, if x or y is not a double, or if steps is not an integer.\nRaises ValueError if steps is negative."
    ),
    row!(
        "perm",
        "(n, k=None, /)",
        math_ints::perm,
        "Number of ways to choose k items from n items without repetition and with order.\n\nEvaluates to n! / (n - k)! when k <= n and evaluates\nto zero when k > n.\n\nIf k is not specified or is None, then k defaults to n\nand the function returns n!.\n\nRaises TypeError if either of the arguments are not integers.\nRaises ValueError if either of the arguments are negative."
    ),
    two!("pow", "(x, y, /)", f::pow, "Return x**y (x to the power of y)."),
    row!(
        "prod",
        "(iterable, /, *, start=1)",
        math_sums::prod,
        "Calculate the product of all the elements in the input iterable.\n\nThe default start value for the product is 1.\n\nWhen the iterable is empty, return the start value.  This function is\nintended specifically for use with numeric values and may reject\nnon-numeric types."
    ),
    plain!(
        "radians",
        |x| x * (std::f64::consts::PI / 180.0),
        "Convert angle x from degrees to radians."
    ),
    two!(
        "remainder",
        "(x, y, /)",
        f::remainder,
        "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is the closest integer multiple of y.\nIn the case where x is exactly halfway between two multiples of\ny, the nearest even value of n is used. The result is always exact."
    ),
    checked!("sin", f::sin, "Return the sine of x (measured in radians)."),
    checked!("sinh", f::sinh, "Return the hyperbolic sine of x."),
    checked!("sqrt", f::sqrt, "Return the square root of x."),
    row!(
        "sumprod",
        "(p, q, /)",
        math_sums::sumprod,
        "Return the sum of products of values from two iterables p and q.\n\nRoughly equivalent to:\n\n    sum(itertools.starmap(operator.mul, zip(p, q, strict=True)))\n\nFor float and mixed int/float inputs, the intermediate products\nand sums are computed with extended precision."
    ),
    checked!("tan", f::tan, "Return the tangent of x (measured in radians)."),
    plain!("tanh", f64::tanh, "Return the hyperbolic tangent of x."),
    row!(
        "trunc",
        "(x, /)",
        trunc,
        "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method."
    ),
    plain!("ulp", bits::ulp, "Return the value of the least significant bit of the float x."),
];

/// `floor` and `ceil`: the method if there is one, else through a float.
fn to_integral(cx: &mut Cx, x: Value, method: Special, round: fn(f64) -> f64) -> Completion<Value> {
    if let Some(x) = x.float_value() {
        return float_to_int(cx, round(x));
    }
    if x.is_small() {
        return Ok(x);
    }
    if let Some(r) = call_special(cx, x, method, &[])? {
        return Ok(r);
    }
    let x = to_f64(cx, x)?;
    float_to_int(cx, round(x))
}

fn trunc(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(x) = args.get(0).float_value() {
        return float_to_int(cx, x);
    }
    match call_special(cx, args.get(0), Special::Trunc, &[])? {
        Some(r) => Ok(r),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "type {name} doesn't define __trunc__ method")
        }
    }
}

fn fma(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let y = to_f64(cx, args.get(1))?;
    let z = to_f64(cx, args.get(2))?;
    f::fma(x, y, z).or_raise(cx).map(Value::float)
}

fn frexp(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let (mantissa, exp) = taipan_objects::num::float::frexp(x);
    cx.new_tuple(&[Value::float(mantissa), Value::small(exp.into())])
}

fn modf(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let (fraction, whole) = bits::modf(x);
    cx.new_tuple(&[Value::float(fraction), Value::float(whole)])
}

fn ldexp(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let Some(exp) = as_int(args.get(1)) else {
        return raise!(cx, TypeError, "Expected an int as second argument to ldexp.");
    };
    bits::ldexp(x, big_of(exp).to_i64_clamped()).or_raise(cx).map(Value::float)
}

fn log_of(cx: &mut Cx, base: LogBase, x: Value) -> Completion<f64> {
    match as_int(x).filter(|_| float_of(x).is_none()) {
        Some(i) if i.is_small() && i.as_small() > 0 => base.log(i.as_small() as f64).or_raise(cx),
        Some(i) => base.log_big(&big_of(i)).or_raise(cx),
        None => {
            let x = to_f64(cx, x)?;
            base.log(x).or_raise(cx)
        }
    }
}

fn log(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let num = log_of(cx, LogBase::E, args.get(0))?;
    let Some(base) = args.opt(1) else { return Ok(Value::float(num)) };
    let den = log_of(cx, LogBase::E, base)?;
    taipan_objects::num::float::true_div(num, den).or_raise(cx).map(Value::float)
}

fn next_after(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let x = to_f64(cx, args.get(0))?;
    let y = to_f64(cx, args.get(1))?;
    let steps = match args.not_none(2) {
        None => {
            let next = bits::next_after(x, y, 1);
            // Zero on the way to zero keeps the sign.
            let lands = next == 0.0 && x != 0.0;
            return Ok(Value::float(if lands { next.copysign(x) } else { next }));
        }
        Some(steps) => {
            let steps = protocol::index_int(cx, steps)?;
            let steps = big_of(steps);
            if steps.is_negative() {
                return raise!(cx, ValueError, "steps must be a non-negative integer");
            }
            steps.to_u64().unwrap_or(u64::MAX)
        }
    };
    Ok(Value::float(bits::next_after(x, y, steps)))
}

fn is_close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let a = to_f64(cx, args.get(0))?;
    let b = to_f64(cx, args.get(1))?;
    let rel_tol = args.opt(2).map_or(Ok(1e-9), |v| to_f64(cx, v))?;
    let abs_tol = args.opt(3).map_or(Ok(0.0), |v| to_f64(cx, v))?;
    f::is_close(a, b, rel_tol, abs_tol).or_raise(cx).map(Value::bool)
}
