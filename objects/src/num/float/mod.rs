//! Float arithmetic with Python's semantics: floor division, powers, rounding, comparison.
//!
//! - [`text`]: parsing, shortest digits, hexadecimal notation.

pub mod text;

use std::cmp::Ordering;

use super::{NumError, NumResult, big::BigInt};

/// The message of the `OverflowError` that stands for C's `ERANGE`; its args are `(34, ...)`.
pub const ERANGE_TEXT: &str = "Numerical result out of range";

/// `value * 2**exp`, rounded once even if the result is subnormal.
pub fn ldexp(value: f64, exp: i64) -> f64 {
    libm::scalbn(value, exp.clamp(-5000, 5000) as i32)
}

/// `(m, e)` with `value == m * 2**e` and `0.5 <= abs(m) < 1`; zeros, infinities and NaN as is.
pub fn frexp(value: f64) -> (f64, i32) {
    match value == 0.0 || !value.is_finite() {
        true => (value, 0),
        false => libm::frexp(value),
    }
}

/// A finite float as `(mantissa, exponent, negative)`: `mantissa * 2**exponent` exactly.
pub fn decompose(value: f64) -> (u64, i64, bool) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = (bits >> 52 & 0x7ff) as i64;
    let negative = value.is_sign_negative();
    match biased {
        0 => (fraction, -1074, negative),
        _ => (fraction | 1 << 52, biased - 1075, negative),
    }
}

/// `a / b`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn true_div(a: f64, b: f64) -> NumResult<f64> {
    if b == 0.0 { Err(NumError::zero_division("division by zero")) } else { Ok(a / b) }
}

/// `divmod(a, b)`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn div_mod(a: f64, b: f64) -> NumResult<(f64, f64)> {
    if b == 0.0 {
        return Err(NumError::zero_division("division by zero"));
    }
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    // `quotient` is a whole number up to rounding errors: snap to it.
    let floor = quotient.floor();
    let whole = match quotient == 0.0 {
        true => 0.0_f64.copysign(a / b),
        false if quotient - floor > 0.5 => floor + 1.0,
        false => floor,
    };
    Ok((whole, rest))
}

/// `a // b`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn floor_div(a: f64, b: f64) -> NumResult<f64> {
    div_mod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`, with the sign of `b`.
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn modulo(a: f64, b: f64) -> NumResult<f64> {
    if b == 0.0 {
        return Err(NumError::zero_division("division by zero"));
    }
    let rest = a % b;
    Ok(match rest == 0.0 {
        true => 0.0_f64.copysign(b),
        false if (b < 0.0) != (rest < 0.0) => rest + b,
        false => rest,
    })
}

/// What `a ** b` is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// A float.
    Float(f64),
    /// A complex number: a negative base with a fractional exponent.
    NeedsComplex,
}

/// `a ** b`
///
/// # Errors
/// `ZeroDivisionError` for zero to a negative power, `OverflowError` ([`ERANGE_TEXT`]).
pub fn pow(a: f64, b: f64) -> NumResult<Power> {
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return Err(NumError::zero_division("zero to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return Ok(Power::NeedsComplex);
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(NumError::overflow(ERANGE_TEXT));
    }
    Ok(Power::Float(result))
}

/// Whether `value` is finite and whole.
#[inline]
pub fn is_integer(value: f64) -> bool {
    value.is_finite() && value.floor() == value
}

/// `round(value)`: to the nearest integer, ties to even.
///
/// # Errors
/// As [`BigInt::from_f64`].
pub fn round_to_int(value: f64) -> NumResult<BigInt> {
    BigInt::from_f64(value.round_ties_even())
}

/// `round(value, ndigits)`, correctly rounded in decimal, ties to even.
///
/// # Errors
/// `OverflowError` if rounding up leaves the range.
pub fn round_digits(value: f64, ndigits: i64) -> NumResult<f64> {
    if value == 0.0 || !value.is_finite() || ndigits > 323 {
        return Ok(value);
    }
    if ndigits < -308 {
        return Ok(0.0_f64.copysign(value));
    }
    let text = match usize::try_from(ndigits) {
        Ok(after_point) => format!("{value:.after_point$}"),
        Err(_) => round_left_of_point(value, -ndigits),
    };
    let rounded: f64 = text.parse().unwrap_or(value);
    if rounded.is_infinite() {
        return Err(NumError::overflow("rounded value too large to represent"));
    }
    Ok(rounded)
}

/// Decimal text of `value` rounded to a multiple of `10**zeros`.
fn round_left_of_point(value: f64, zeros: i64) -> String {
    let exponent = format!("{value:e}");
    let exponent = exponent.split_once('e').and_then(|(_, e)| e.parse::<i64>().ok()).unwrap_or(0);
    match usize::try_from(exponent - zeros) {
        Ok(digits) => format!("{value:.digits$e}"),
        // One digit short of the unit: up only past one half (a tie goes to the even zero).
        Err(_) if exponent - zeros == -1 && past_half(value.abs(), zeros) => {
            format!("{}1e{zeros}", if value < 0.0 { "-" } else { "" })
        }
        Err(_) => String::from(if value < 0.0 { "-0.0" } else { "0.0" }),
    }
}

fn past_half(value: f64, zeros: i64) -> bool {
    let half = BigInt::from(10)
        .pow(&zeros.into())
        .and_then(|unit| unit.mul(&BigInt::from(5)).floor_div(&10.into()));
    half.is_ok_and(|half| half.cmp_f64(value) == Some(Ordering::Less))
}

/// `value.as_integer_ratio()`
///
/// # Errors
/// `OverflowError` for infinities, `ValueError` for NaN.
pub fn as_integer_ratio(value: f64) -> NumResult<(BigInt, BigInt)> {
    if value.is_nan() {
        return Err(NumError::value("cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(NumError::overflow("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exp, negative) = decompose(value);
    if mantissa == 0 {
        return Ok((BigInt::zero(), BigInt::one()));
    }
    let twos = mantissa.trailing_zeros();
    let (mantissa, exp) = (BigInt::from(mantissa >> twos), exp + i64::from(twos));
    let numerator = if negative { mantissa.neg() } else { mantissa };
    let shift = usize::try_from(exp.unsigned_abs()).unwrap_or(0);
    match exp >= 0 {
        true => Ok((numerator.shl_usize(shift)?, BigInt::one())),
        false => Ok((numerator, BigInt::one().shl_usize(shift)?)),
    }
}

/// Compares a float with an `i64` exactly; `None` for NaN.
#[inline]
pub fn cmp_i64(a: f64, b: i64) -> Option<Ordering> {
    const LIMIT: i64 = 1 << 53;
    if (-LIMIT..=LIMIT).contains(&b) {
        return a.partial_cmp(&(b as f64));
    }
    if a.is_nan() {
        return None;
    }
    if a >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    if a < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    let whole = a.trunc();
    Some((whole as i64).cmp(&b).then_with(|| a.partial_cmp(&whole).unwrap_or(Ordering::Equal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_division_and_modulo() {
        assert_eq!(div_mod(-7.5, 2.0), Ok((-4.0, 0.5)));
        assert_eq!(div_mod(7.5, -2.0), Ok((-4.0, -0.5)));
        assert_eq!(div_mod(1.0, f64::NEG_INFINITY), Ok((-1.0, f64::NEG_INFINITY)));
        assert_eq!(modulo(-1.0, f64::INFINITY), Ok(f64::INFINITY));
        assert!(modulo(-4.0, 2.0).is_ok_and(|r| r.to_bits() == 0));
        assert!(floor_div(-0.0, 1.0).is_ok_and(|q| q == 0.0 && q.is_sign_negative()));
        assert_eq!(floor_div(1.0, 0.1), Ok(9.0));
        assert!(true_div(1.0, -0.0).is_err());
    }

    #[test]
    fn powers() {
        let float = |x| Ok(Power::Float(x));
        assert_eq!(pow(2.0, 10.0), float(1024.0));
        assert_eq!(pow(-2.0, 0.5), Ok(Power::NeedsComplex));
        assert_eq!(pow(f64::NAN, 0.0), float(1.0));
        assert_eq!(pow(1.0, f64::NAN), float(1.0));
        assert_eq!(pow(f64::NEG_INFINITY, -3.0), float(-0.0));
        assert_eq!(pow(f64::NEG_INFINITY, 0.5), float(f64::INFINITY));
        assert_eq!(pow(-1.0, f64::INFINITY), float(1.0));
        assert_eq!(pow(0.0, f64::NEG_INFINITY), float(f64::INFINITY));
        assert_eq!(pow(2.0, 5000.0).unwrap_err().text, ERANGE_TEXT);
        assert_eq!(pow(0.0, -1.0).unwrap_err().text, "zero to a negative power");
    }

    #[test]
    fn rounding_is_decimal_and_half_even() {
        for (x, digits, want) in [
            (2.675, 2, 2.67),
            (0.5, 0, 0.0),
            (1.5, 0, 2.0),
            (2.5, 0, 2.0),
            (0.125, 2, 0.12),
            (1234.5, -2, 1200.0),
            (1250.0, -2, 1200.0),
            (1350.0, -2, 1400.0),
            (50.0, -2, 0.0),
            (50.000001, -2, 100.0),
            (-51.0, -2, -100.0),
            (5e-324, 323, 0.0),
            (1e308, -308, 1e308),
            (0.05, 1, 0.1),
            (1.005, 2, 1.0),
            (25.0, -1, 20.0),
            (9.5, -1, 10.0),
            (49.0, -2, 0.0),
        ] {
            assert_eq!(round_digits(x, digits), Ok(want), "round({x}, {digits})");
        }
        assert!(round_digits(f64::MAX, -308).is_err());
        assert_eq!(round_to_int(2.5), Ok(2.into()));
        assert_eq!(round_to_int(-3.5), Ok((-4).into()));
    }

    #[test]
    fn ratios() {
        assert_eq!(as_integer_ratio(0.75), Ok((3.into(), 4.into())));
        assert_eq!(as_integer_ratio(-2.0), Ok(((-2).into(), 1.into())));
        assert_eq!(as_integer_ratio(-0.0), Ok((0.into(), 1.into())));
        assert!(as_integer_ratio(f64::NAN).is_err());
    }

    #[test]
    fn comparison_with_machine_ints_is_exact() {
        assert_eq!(cmp_i64(9007199254740992.0, (1 << 53) + 1), Some(Ordering::Less));
        assert_eq!(cmp_i64(9.3e18, i64::MAX), Some(Ordering::Greater));
        assert_eq!(cmp_i64(-9223372036854775808.0, i64::MIN), Some(Ordering::Equal));
        assert_eq!(cmp_i64(0.5, 0), Some(Ordering::Greater));
        assert_eq!(cmp_i64(f64::NAN, i64::MAX), None);
    }

    #[test]
    fn parts() {
        assert_eq!(decompose(-0.75), (3 << 51, -53, true));
        assert_eq!(frexp(6.0), (0.75, 3));
        assert_eq!(frexp(5e-324), (0.5, -1073));
        assert_eq!(ldexp(3.0, -1075), 1e-323);
        assert_eq!(ldexp(1.0, i64::MAX), f64::INFINITY);
    }
}
