//! Powers, logarithms, trigonometric and hyperbolic functions.
//!
//! A function that cannot fail is not here: callers use the `f64` method.

use super::{domain_error, expected, in_range};
use crate::num::{NumError, NumResult, big::BigInt};

/// `math.sqrt`
///
/// # Errors
/// `ValueError` below zero.
#[inline]
pub fn sqrt(x: f64) -> NumResult<f64> {
    if x < 0.0 { Err(expected("a nonnegative input", x)) } else { Ok(x.sqrt()) }
}

/// `math.exp`
///
/// # Errors
/// `OverflowError`
pub fn exp(x: f64) -> NumResult<f64> {
    in_range(x.exp(), x.is_finite())
}

/// `math.exp2`
///
/// # Errors
/// `OverflowError`
pub fn exp2(x: f64) -> NumResult<f64> {
    in_range(x.exp2(), x.is_finite())
}

/// `math.expm1`
///
/// # Errors
/// `OverflowError`
pub fn expm1(x: f64) -> NumResult<f64> {
    in_range(x.exp_m1(), x.is_finite())
}

/// `math.pow`
///
/// # Errors
/// `ValueError` where C reports a domain error or a pole, `OverflowError`.
pub fn pow(x: f64, y: f64) -> NumResult<f64> {
    let result = x.powf(y);
    if !x.is_finite() || !y.is_finite() {
        return Ok(result);
    }
    if result.is_nan() || (result.is_infinite() && x == 0.0) {
        return Err(domain_error());
    }
    in_range(result, true)
}

/// `math.log1p`
///
/// # Errors
/// `ValueError` at or below -1.
pub fn log1p(x: f64) -> NumResult<f64> {
    if x <= -1.0 {
        return Err(expected("argument value > -1", x));
    }
    // The library loses the sign of zero on some platforms.
    Ok(if x == 0.0 { x } else { x.ln_1p() })
}

/// Which logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogBase {
    /// Natural.
    E,
    /// Binary.
    Two,
    /// Decimal.
    Ten,
}

impl LogBase {
    fn raw(self, x: f64) -> f64 {
        match self {
            Self::E => x.ln(),
            Self::Two => x.log2(),
            Self::Ten => x.log10(),
        }
    }

    /// The logarithm of a float.
    ///
    /// # Errors
    /// `ValueError` at or below zero.
    pub fn log(self, x: f64) -> NumResult<f64> {
        if x <= 0.0 {
            return Err(expected("a positive input", x));
        }
        Ok(self.raw(x))
    }

    /// The logarithm of an integer of any size.
    ///
    /// # Errors
    /// `ValueError` at or below zero.
    pub fn log_big(self, x: &BigInt) -> NumResult<f64> {
        if x.signum() <= 0 {
            return Err(NumError::value("expected a positive input"));
        }
        if let Some(value) = x.to_f64_checked() {
            return Ok(self.raw(value));
        }
        let (mantissa, exp) = x.frexp();
        Ok(self.raw(mantissa) + self.raw(2.0) * exp as f64)
    }
}

macro_rules! needs_finite {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// `ValueError` for infinities.
        #[inline]
        pub fn $name(x: f64) -> NumResult<f64> {
            if x.is_infinite() { Err(expected("a finite input", x)) } else { Ok(x.$name()) }
        }
    )* };
}
needs_finite! {
    /// `math.sin`
    sin
    /// `math.cos`
    cos
    /// `math.tan`
    tan
}

/// `math.asin`
///
/// # Errors
/// `ValueError` outside -1 to 1.
pub fn asin(x: f64) -> NumResult<f64> {
    within_one(x).map(f64::asin)
}

/// `math.acos`
///
/// # Errors
/// `ValueError` outside -1 to 1.
pub fn acos(x: f64) -> NumResult<f64> {
    within_one(x).map(f64::acos)
}

fn within_one(x: f64) -> NumResult<f64> {
    if x.abs() > 1.0 { Err(expected("a number in range from -1 up to 1", x)) } else { Ok(x) }
}

/// `math.sinh`
///
/// # Errors
/// `OverflowError`
pub fn sinh(x: f64) -> NumResult<f64> {
    in_range(x.sinh(), x.is_finite())
}

/// `math.cosh`
///
/// # Errors
/// `OverflowError`
pub fn cosh(x: f64) -> NumResult<f64> {
    in_range(x.cosh(), x.is_finite())
}

/// Above this the squares in the inverse hyperbolic functions lose nothing by being dropped.
const LARGE: f64 = 268_435_456.0;
const SMALL: f64 = 1.0 / LARGE;

/// `math.asinh`
pub fn asinh(x: f64) -> f64 {
    let magnitude = x.abs();
    if !x.is_finite() || magnitude < SMALL {
        return x;
    }
    let result = if magnitude > LARGE {
        magnitude.ln() + std::f64::consts::LN_2
    } else if magnitude > 2.0 {
        (2.0 * magnitude + 1.0 / ((x * x + 1.0).sqrt() + magnitude)).ln()
    } else {
        let square = x * x;
        (magnitude + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    result.copysign(x)
}

/// `math.acosh`
///
/// # Errors
/// `ValueError` below 1.
pub fn acosh(x: f64) -> NumResult<f64> {
    if x < 1.0 {
        return Err(expected("argument value not less than 1", x));
    }
    Ok(if x >= LARGE {
        if x.is_infinite() { x } else { x.ln() + std::f64::consts::LN_2 }
    } else if x == 1.0 {
        0.0
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let above = x - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    })
}

/// `math.atanh`
///
/// # Errors
/// `ValueError` outside the open interval -1 to 1.
pub fn atanh(x: f64) -> NumResult<f64> {
    let magnitude = x.abs();
    if magnitude >= 1.0 {
        return Err(expected("a number between -1 and 1", x));
    }
    if x.is_nan() || magnitude < SMALL {
        return Ok(x);
    }
    let twice = magnitude + magnitude;
    let result = if magnitude < 0.5 {
        0.5 * (twice + twice * magnitude / (1.0 - magnitude)).ln_1p()
    } else {
        0.5 * (twice / (1.0 - magnitude)).ln_1p()
    };
    Ok(result.copysign(x))
}

/// `math.fmod`: the remainder with the sign of `x`.
///
/// # Errors
/// `ValueError` for an infinite `x` or a zero `y`.
pub fn fmod(x: f64, y: f64) -> NumResult<f64> {
    if x.is_finite() && y.is_infinite() {
        return Ok(x);
    }
    let rest = x % y;
    if rest.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error()) } else { Ok(rest) }
}

/// `math.remainder`: `x` minus the nearest multiple of `y`, ties to even.
///
/// # Errors
/// `ValueError` for an infinite `x` or a zero `y`.
pub fn remainder(x: f64, y: f64) -> NumResult<f64> {
    if x.is_nan() || y.is_nan() {
        return Ok(if x.is_nan() { x } else { y });
    }
    if x.is_infinite() || y == 0.0 {
        return Err(domain_error());
    }
    Ok(if y.is_infinite() { x } else { libm::remainder(x, y) })
}

/// `math.fma`: `x * y + z` with one rounding.
///
/// # Errors
/// `ValueError` for an invalid operation, `OverflowError`.
pub fn fma(x: f64, y: f64, z: f64) -> NumResult<f64> {
    let result = x.mul_add(y, z);
    if result.is_finite() {
        return Ok(result);
    }
    if result.is_nan() {
        let nan_in = x.is_nan() || y.is_nan() || z.is_nan();
        return if nan_in { Ok(result) } else { Err(NumError::value("invalid operation in fma")) };
    }
    match x.is_finite() && y.is_finite() && z.is_finite() {
        true => Err(NumError::overflow("overflow in fma")),
        false => Ok(result),
    }
}

/// `math.isclose`
///
/// # Errors
/// `ValueError` for a negative tolerance.
pub fn is_close(a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> NumResult<bool> {
    if rel_tol < 0.0 || abs_tol < 0.0 {
        return Err(NumError::value("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(true);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(false);
    }
    let diff = (b - a).abs();
    Ok(diff <= (rel_tol * b).abs() || diff <= (rel_tol * a).abs() || diff <= abs_tol)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    fn text<T: std::fmt::Debug>(result: NumResult<T>) -> String {
        result.expect_err("must fail").text.into_owned()
    }

    #[test]
    fn domain_errors_say_what_was_expected() {
        assert_eq!(text(sqrt(-1.0)), "expected a nonnegative input, got -1.0");
        assert_eq!(text(acos(2.0)), "expected a number in range from -1 up to 1, got 2.0");
        assert_eq!(text(atanh(1.0)), "expected a number between -1 and 1, got 1.0");
        assert_eq!(text(acosh(0.5)), "expected argument value not less than 1, got 0.5");
        assert_eq!(text(log1p(-1.0)), "expected argument value > -1, got -1.0");
        assert_eq!(text(sin(INF)), "expected a finite input, got inf");
        assert_eq!(text(LogBase::E.log(0.0)), "expected a positive input, got 0.0");
        assert_eq!(text(LogBase::E.log_big(&0.into())), "expected a positive input");
        assert_eq!(text(fmod(1.0, 0.0)), "math domain error");
        assert_eq!(text(remainder(INF, 1.0)), "math domain error");
        assert_eq!(text(pow(0.0, -1.0)), "math domain error");
        assert_eq!(text(pow(-1.0, 0.5)), "math domain error");
    }

    #[test]
    fn range_errors() {
        for result in [
            exp(1000.0),
            exp2(5000.0),
            expm1(1000.0),
            sinh(1000.0),
            cosh(-1000.0),
            pow(10.0, 400.0),
        ] {
            assert_eq!(text(result), "math range error");
        }
        assert_eq!(exp(INF), Ok(INF));
        assert_eq!(exp(-1000.0), Ok(0.0));
        assert_eq!(text(fma(1e308, 10.0, 1.0)), "overflow in fma");
        assert_eq!(text(fma(INF, 0.0, 1.0)), "invalid operation in fma");
        assert_eq!(fma(0.1, 10.0, -1.0), Ok(5.551115123125783e-17));
    }

    #[test]
    fn logarithms_of_big_integers() {
        let big = BigInt::from(10).pow(&400.into()).expect("small");
        assert_eq!(LogBase::E.log_big(&big), Ok(921.0340371976182));
        assert_eq!(LogBase::Ten.log_big(&big), Ok(400.0));
        assert_eq!(
            LogBase::Two.log_big(&BigInt::one().shl_usize(5000).expect("small")),
            Ok(5000.0)
        );
    }

    #[test]
    fn inverse_hyperbolic() {
        assert_eq!(asinh(1.0), 0.881373587019543);
        assert_eq!(asinh(-1e300), -691.4686750787736);
        assert_eq!(acosh(1.5), Ok(0.9624236501192069));
        assert_eq!(acosh(1e10), Ok(23.7189981105004));
        assert_eq!(atanh(0.3), Ok(0.30951960420311175));
        assert_eq!(atanh(-0.9), Ok(-1.4722194895832204));
    }

    #[test]
    fn remainders() {
        assert_eq!(fmod(-7.0, 3.0), Ok(-1.0));
        assert_eq!(remainder(5.0, 2.0), Ok(1.0));
        assert_eq!(remainder(7.0, 2.0), Ok(-1.0));
        assert_eq!(remainder(3.0, INF), Ok(3.0));
        assert_eq!(is_close(1.0, 1.0 + 1e-10, 1e-9, 0.0), Ok(true));
        assert_eq!(is_close(INF, 1e308, 1e-9, 0.0), Ok(false));
        assert!(is_close(1.0, 1.0, -1.0, 0.0).is_err());
    }
}
