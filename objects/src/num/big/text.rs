//! Integers from text and to text, in bases 2 to 36.
//!
//! - Holds: in bases that are no power of two, more digits than the limit are refused before
//!   the quadratic work starts.

use std::fmt::Write;

use dashu_int::UBig;
use rustpython_unicode::{Ucd, classify::is_space};
use rustpython_wtf8::CodePoint;

use super::{BigInt, sign_of};
use crate::num::{NumError, NumResult};

/// The digit limit a fresh interpreter starts with (`sys.set_int_max_str_digits`).
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;

/// Why a text is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntParseError {
    /// Not a literal of that base; the caller's message quotes the text.
    Invalid,
    /// This many digits, with this limit.
    TooLong {
        /// Digits in the text.
        digits: usize,
        /// The limit in force.
        limit: usize,
    },
}

impl IntParseError {
    /// The `ValueError` for it; `repr` is the quoted argument, `base` the base asked for.
    pub fn into_num_error(self, repr: &str, base: u32) -> NumError {
        NumError::value(match self {
            Self::Invalid => format!("invalid literal for int() with base {base}: {repr}"),
            Self::TooLong { digits, limit } => format!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has \
                 {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            ),
        })
    }
}

/// The value of `c` as a decimal digit of any script.
pub fn unicode_decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let modern = true;
    u32::try_from(Ucd::new(modern).decimal(CodePoint::from(c))?).ok()
}

/// `text` without surrounding white space, every decimal digit of any script turned into ASCII.
/// Other characters outside ASCII stay, so that they fail to parse.
pub fn ascii_digits(text: &str) -> std::borrow::Cow<'_, str> {
    let trimmed = text.trim_matches(is_space);
    if trimmed.is_ascii() {
        return trimmed.into();
    }
    let digit = |c| unicode_decimal(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c);
    trimmed.chars().map(digit).collect::<String>().into()
}

/// `int(text, base)` for a base of 2 to 36, or 0 for "as the prefix says".
///
/// - `max_digits`: the digit limit; 0 for none.
///
/// # Errors
/// [`IntParseError`], to be worded by the caller.
pub fn parse_int(text: &str, base: u32, max_digits: usize) -> Result<BigInt, IntParseError> {
    let text = ascii_digits(text);
    let (negative, body) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (base, body) = split_prefix(body, base)?;
    let magnitude = parse_digits(body, base, max_digits)?;
    Ok(if negative { magnitude.neg() } else { magnitude })
}

/// The real base and the digits after a prefix that agrees with it.
fn split_prefix(body: &[u8], base: u32) -> Result<(u32, &[u8]), IntParseError> {
    let prefixed = match body {
        [b'0', b'x' | b'X', rest @ ..] => Some((16, rest)),
        [b'0', b'o' | b'O', rest @ ..] => Some((8, rest)),
        [b'0', b'b' | b'B', rest @ ..] => Some((2, rest)),
        _ => None,
    };
    match prefixed {
        Some((found, rest)) if base == 0 || base == found => {
            // One underscore may follow the prefix.
            Ok((found, rest.strip_prefix(b"_").unwrap_or(rest)))
        }
        _ if base != 0 => Ok((base, body)),
        // Without a prefix, a leading zero is only allowed in zero itself.
        _ if body.first() == Some(&b'0') && body.iter().any(|b| !matches!(b, b'0' | b'_')) => {
            Err(IntParseError::Invalid)
        }
        _ => Ok((10, body)),
    }
}

fn parse_digits(body: &[u8], base: u32, max_digits: usize) -> Result<BigInt, IntParseError> {
    let mut digits = String::with_capacity(body.len());
    let mut small = Some(0_u64);
    let mut after_digit = false;
    for &byte in body {
        if byte == b'_' && after_digit {
            after_digit = false;
            continue;
        }
        let value = char::from(byte).to_digit(base).ok_or(IntParseError::Invalid)?;
        small = small
            .and_then(|n| n.checked_mul(base.into()))
            .and_then(|n| n.checked_add(value.into()));
        digits.push(char::from(byte));
        after_digit = true;
    }
    if !after_digit {
        return Err(IntParseError::Invalid);
    }
    if max_digits > 0 && digits.len() > max_digits && !base.is_power_of_two() {
        return Err(IntParseError::TooLong { digits: digits.len(), limit: max_digits });
    }
    if let Some(value) = small {
        return Ok(value.into());
    }
    let magnitude = UBig::from_str_radix(&digits, base).map_err(|_| IntParseError::Invalid)?;
    Ok(BigInt(magnitude.into()))
}

impl BigInt {
    /// Reads plain decimal text without a limit.
    pub fn from_decimal(text: &str) -> Option<Self> {
        parse_int(text, 10, 0).ok()
    }

    /// Its decimal digits, with a sign if negative.
    ///
    /// - `max_digits`: the digit limit; 0 for none.
    ///
    /// # Errors
    /// `ValueError` past the limit.
    pub fn to_decimal(&self, max_digits: usize) -> NumResult<String> {
        let too_long = || {
            NumError::value(format!(
                "Exceeds the limit ({max_digits} digits) for integer string conversion; use \
                 sys.set_int_max_str_digits() to increase the limit"
            ))
        };
        // n bits have at least (n-1) * 0.301 digits.
        let at_least = self.bit_length().saturating_sub(1).saturating_mul(301) / 1000;
        if max_digits > 0 && at_least > max_digits as u64 {
            return Err(too_long());
        }
        let text = self.0.to_string();
        if max_digits > 0 && text.len() - usize::from(self.is_negative()) > max_digits {
            return Err(too_long());
        }
        Ok(text)
    }

    /// Its digits in `base` (2 to 36, lower case), with a sign if negative and no prefix.
    pub fn to_radix(&self, base: u32) -> String {
        let mut text = String::new();
        let base = u8::try_from(base.clamp(2, 36)).unwrap_or(10);
        // Writing to a String cannot fail.
        let _ = write!(text, "{}", self.0.in_radix(base));
        text
    }

    /// The magnitude with the sign of `negative`, read from ASCII digits of `base`.
    pub fn from_radix(digits: &str, base: u32, negative: bool) -> Option<Self> {
        let magnitude = UBig::from_str_radix(digits, base).ok()?;
        Some(Self(dashu_int::IBig::from_parts(sign_of(negative), magnitude)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str, base: u32) -> Option<i64> {
        parse_int(text, base, 4300).ok().and_then(|n| n.to_i64())
    }

    #[test]
    fn accepts_what_python_accepts() {
        for (text, base, want) in [
            (" 12\n", 10, 12),
            ("-0x_ff", 16, -255),
            ("+0b1", 0, 1),
            ("0o17", 0, 15),
            ("1_000", 0, 1000),
            ("00_0", 0, 0),
            ("007", 10, 7),
            ("z", 36, 35),
            ("0b1", 16, 0xb1),
            ("\u{661}\u{662}", 10, 12),
            ("\u{2003}5\u{a0}", 10, 5),
        ] {
            assert_eq!(ok(text, base), Some(want), "{text:?} base {base}");
        }
    }

    #[test]
    fn refuses_what_python_refuses() {
        for (text, base) in [
            ("", 10),
            ("-", 10),
            ("_1", 10),
            ("1_", 10),
            ("1__0", 10),
            ("0x", 16),
            ("0x_", 16),
            ("012", 0),
            ("0_1", 0),
            ("9", 8),
            ("- 1", 10),
            ("0x__1", 16),
            ("1.0", 10),
            ("é", 10),
            ("0x1", 10),
            ("+-1", 10),
        ] {
            assert_eq!(ok(text, base), None, "{text:?} base {base}");
        }
    }

    #[test]
    fn digit_limit() {
        let long = "1".repeat(4301);
        let err = parse_int(&long, 10, 4300).expect_err("too long");
        assert_eq!(err, IntParseError::TooLong { digits: 4301, limit: 4300 });
        assert!(parse_int(&long, 16, 4300).is_ok());
        let big = parse_int(&long, 10, 0).expect("no limit");
        assert!(big.to_decimal(4300).is_err());
        assert_eq!(big.to_decimal(0), Ok(long));
        let fits = parse_int(&"9".repeat(4300), 10, 4300).expect("at the limit");
        assert_eq!(fits.to_decimal(4300).map(|t| t.len()), Ok(4300));
        assert_eq!(fits.neg().to_decimal(4300).map(|t| t.len()), Ok(4301));
    }

    #[test]
    fn other_bases() {
        assert_eq!(BigInt::from(-255).to_radix(16), "-ff");
        assert_eq!(BigInt::from(1_i128 << 70).to_radix(2).len(), 71);
        assert_eq!(BigInt::from(35).to_radix(36), "z");
        assert_eq!(BigInt::zero().to_radix(8), "0");
    }
}
