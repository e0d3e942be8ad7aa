//! `cmath`: functions of complex numbers; the mathematics is in `taipan_objects::num::cmathfns`.
//! Pure: no conflicts.

use taipan_objects::{
    Args, Completion, Cx, NativeDef, Obj, Value,
    num::{
        NumError, NumResult, cmathfns as f,
        complex::{Complex, complex},
        mathfns::range_error,
    },
    raise,
    types::{
        complex_type::to_complex,
        number::{OrRaise, new_complex, to_f64},
    },
};

use super::{ModuleDef, rows::row, set};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    doc: "This module provides access to mathematical functions for complex\nnumbers.",
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
    for (name, im) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
        let v = new_complex(cx, complex(0.0, im))?;
        set(cx, module, name, v)?;
    }
    Ok(())
}

macro_rules! function {
    ($name:literal, $f:path, $doc:literal) => {
        row!($name, "(z, /)", |cx, args| unary(cx, args, $f), $doc)
    };
}

macro_rules! test {
    ($name:literal, $f:expr, $doc:literal) => {
        row!(
            $name,
            "(z, /)",
            |cx, args| {
                let f: fn(Complex) -> bool = $f;
                to_complex(cx, args.get(0)).map(|z| Value::bool(f(z)))
            },
            $doc
        )
    };
}

const FUNCTIONS: &[NativeDef] = &[
    function!("acos", f::acos, "Return the arc cosine of z."),
    function!("acosh", f::acosh, "Return the inverse hyperbolic cosine of z."),
    function!("asin", f::asin, "Return the arc sine of z."),
    function!("asinh", f::asinh, "Return the inverse hyperbolic sine of z."),
    function!("atan", f::atan, "Return the arc tangent of z."),
    function!("atanh", f::atanh, "Return the inverse hyperbolic tangent of z."),
    function!("cos", f::cos, "Return the cosine of z."),
    function!("cosh", f::cosh, "Return the hyperbolic cosine of z."),
    function!("exp", f::exp, "Return the exponential value e**z."),
    row!(
        "isclose",
        "(a, b, *, rel_tol=<1e-09>, abs_tol=<0.0>)",
        is_close,
        "Determine whether two complex numbers are close in value.\n\n  rel_tol\n    maximum difference for being considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum difference for being considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is close in value to b, and False otherwise.\n\nFor the values to be considered close, the difference between them must be\nsmaller than at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, NaN is\nnot close to anything, even itself. inf and -inf are only close to themselves."
    ),
    test!(
        "isfinite",
        |z| z.re.is_finite() && z.im.is_finite(),
        "Return True if both the real and imaginary parts of z are finite, else False."
    ),
    test!(
        "isinf",
        |z| z.re.is_infinite() || z.im.is_infinite(),
        "Checks if the real or imaginary part of z is infinite."
    ),
    test!(
        "isnan",
        |z| z.re.is_nan() || z.im.is_nan(),
        "Checks if the real or imaginary part of z not a number (NaN)."
    ),
    row!(
        "log",
        "(z, base=<math.e>, /)",
        log,
        "log(z[, base]) -> the logarithm of z to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of z."
    ),
    function!("log10", f::log10, "Return the base-10 logarithm of z."),
    row!(
        "phase",
        "(z, /)",
        |cx, args| to_complex(cx, args.get(0)).map(|z| Value::float(z.im.atan2(z.re))),
        "Return argument, also known as the phase angle, of a complex."
    ),
    row!(
        "polar",
        "(z, /)",
        polar,
        "Convert a complex from rectangular coordinates to polar coordinates.\n\nr is the distance from 0 and phi the phase angle."
    ),
    row!("rect", "(r, phi, /)", rect, "Convert from polar coordinates to rectangular coordinates."),
    function!("sin", f::sin, "Return the sine of z."),
    function!("sinh", f::sinh, "Return the hyperbolic sine of z."),
    function!("sqrt", f::sqrt, "Return the square root of z."),
    function!("tan", f::tan, "Return the tangent of z."),
    function!("tanh", f::tanh, "Return the hyperbolic tangent of z."),
];

fn unary(cx: &mut Cx, args: Args<'_>, f: fn(Complex) -> NumResult<Complex>) -> Completion<Value> {
    let z = to_complex(cx, args.get(0))?;
    let result = f(z).or_raise(cx)?;
    new_complex(cx, result)
}

fn log(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let z = to_complex(cx, args.get(0))?;
    let mut result = f::log(z).or_raise(cx)?;
    if let Some(base) = args.opt(1) {
        let base = to_complex(cx, base)?;
        let base = f::log(base).or_raise(cx)?;
        let domain = |_: NumError| NumError::value("math domain error");
        result = result.quotient(base).map_err(domain).or_raise(cx)?;
    }
    new_complex(cx, result)
}

fn polar(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let z = to_complex(cx, args.get(0))?;
    let length = z.abs().map_err(|_| range_error()).or_raise(cx)?;
    cx.new_tuple(&[Value::float(length), Value::float(z.im.atan2(z.re))])
}

fn rect(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let length = to_f64(cx, args.get(0))?;
    let angle = to_f64(cx, args.get(1))?;
    let z = f::rect(length, angle).or_raise(cx)?;
    new_complex(cx, z)
}

fn is_close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let a = to_complex(cx, args.get(0))?;
    let b = to_complex(cx, args.get(1))?;
    let rel_tol = args.opt(2).map_or(Ok(1e-9), |v| to_f64(cx, v))?;
    let abs_tol = args.opt(3).map_or(Ok(0.0), |v| to_f64(cx, v))?;
    if rel_tol < 0.0 || abs_tol < 0.0 {
        return raise!(cx, ValueError, "tolerances must be non-negative");
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    let infinite = [a.re, a.im, b.re, b.im].iter().any(|x| x.is_infinite());
    let length = |z: Complex| z.re.hypot(z.im);
    let diff = length(a - b);
    let close = diff <= rel_tol * length(b) || diff <= rel_tol * length(a) || diff <= abs_tol;
    Ok(Value::bool(close && !infinite))
}
