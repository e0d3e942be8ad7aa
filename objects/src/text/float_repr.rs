//! Floats as text: shortest `repr`, correctly rounded `e f g %` forms, hex, and parsing.
//!
//! Rust's own formatter rounds exactly at any precision (half to even on exact ties), which is
//! what CPython's `dtoa` does, so the work here is layout.

use super::{classify, cp};

/// `repr(x)`.
pub fn repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    rustpython_literal::float::to_string(x)
}

/// How a float is laid out by `format` and `%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `e`: scientific.
    Exp,
    /// `f`: fixed.
    Fixed,
    /// `g`: whichever is shorter.
    General,
    /// Shortest digits that round-trip (`repr`), with a fractional part.
    Repr,
}

/// Digits of `|x|` in the wanted form, no sign. `x` must be finite or `inf`/`nan` text results.
///
/// - `alt`: keep the decimal point and, for `General`, trailing zeros.
/// - `dot_zero`: add `.0` to a result that would look like an integer (the empty format type).
pub fn digits(
    x: f64,
    form: Form,
    precision: usize,
    alt: bool,
    dot_zero: bool,
    upper: bool,
) -> String {
    let mut s = if x.is_nan() {
        "nan".to_owned()
    } else if x.is_infinite() {
        "inf".to_owned()
    } else {
        let x = x.abs();
        match form {
            Form::Exp => exponential(x, precision, alt),
            Form::Fixed => fixed(x, precision, alt),
            Form::General => general(x, precision, alt, dot_zero),
            Form::Repr => with_point(repr(x), alt),
        }
    };
    if upper {
        s.make_ascii_uppercase();
    }
    s
}

/// Rust's formatter takes 16-bit precisions; more digits than a double has are zeros.
const EXACT: usize = 1100;

fn fixed(x: f64, precision: usize, alt: bool) -> String {
    let quick = super::quick::fixed(x, precision);
    let mut s = match quick.and_then(|digits| String::from_utf8(digits.to_vec()).ok()) {
        Some(s) => s,
        None => format!("{x:.*}", precision.min(EXACT)),
    };
    s.extend(std::iter::repeat_n('0', precision.saturating_sub(EXACT)));
    if alt && precision == 0 {
        s.push('.');
    }
    s
}

/// Mantissa digits (first before the point) and exponent of `x` with `precision` decimals.
fn scientific(x: f64, precision: usize) -> (String, i32) {
    let s = format!("{x:.*e}", precision.min(EXACT));
    let (mantissa, exp) = s.split_once('e').unwrap_or((&s, "0"));
    let mut mantissa = mantissa.to_owned();
    mantissa.extend(std::iter::repeat_n('0', precision.saturating_sub(EXACT)));
    (mantissa, exp.parse().unwrap_or(0))
}

fn push_exponent(s: &mut String, exp: i32) {
    s.push('e');
    s.push(if exp < 0 { '-' } else { '+' });
    let n = exp.unsigned_abs();
    if n < 10 {
        s.push('0');
    }
    s.push_str(&n.to_string());
}

fn exponential(x: f64, precision: usize, alt: bool) -> String {
    let (mut s, exp) = scientific(x, precision);
    if alt && precision == 0 {
        s.push('.');
    }
    push_exponent(&mut s, exp);
    s
}

fn general(x: f64, precision: usize, alt: bool, dot_zero: bool) -> String {
    let precision = precision.max(1);
    let (mantissa, exp) = scientific(x, precision - 1);
    // With the empty type one digit fewer stays in fixed form, so that `.0` fits.
    let limit = if dot_zero { precision as i64 - 1 } else { precision as i64 };
    if exp < -4 || i64::from(exp) >= limit {
        let mut s = mantissa;
        trim(&mut s, alt);
        if alt && !s.contains('.') {
            s.push('.');
        }
        push_exponent(&mut s, exp);
        return s;
    }
    let decimals = (precision as i64 - 1 - i64::from(exp)).max(0) as usize;
    let mut s = fixed(x, decimals, alt);
    trim(&mut s, alt);
    if dot_zero && !s.contains('.') {
        s.push_str(".0");
    } else if dot_zero && s.ends_with('.') {
        s.push('0');
    }
    s
}

fn trim(s: &mut String, alt: bool) {
    if !alt && s.contains('.') {
        let keep = s.trim_end_matches('0').trim_end_matches('.').len();
        s.truncate(keep);
    }
}

fn with_point(mut s: String, alt: bool) -> String {
    if alt
        && let Some(e) = s.find('e')
        && !s[..e].contains('.')
    {
        s.insert(e, '.');
    }
    s
}

/// `float.hex(x)`.
pub fn hex(x: f64) -> String {
    let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { "" };
    if x.is_nan() {
        return "nan".to_owned();
    }
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match ((bits >> 52) & 0x7FF) as i32 {
        0 => format!("{sign}0x0.{fraction:013x}p-1022"),
        e => format!("{sign}0x1.{fraction:013x}p{:+}", e - 1023),
    }
}

/// Why `float.fromhex` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// Not a hexadecimal float: `ValueError`.
    Invalid,
    /// Out of range: `OverflowError`.
    TooLarge,
}

/// Parses the argument of `float.fromhex`, rounding half to even.
pub fn from_hex(text: &str) -> Result<f64, HexError> {
    let s = text.trim_matches(|c: char| {
        c.is_ascii() && classify::is_space(c as u32) && c < '\x1c' || c == ' '
    });
    let (negative, s) = match s.as_bytes().first() {
        Some(b'-') => (true, &s[1..]),
        Some(b'+') => (false, &s[1..]),
        _ => (false, s),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    if s.eq_ignore_ascii_case("inf") || s.eq_ignore_ascii_case("infinity") {
        return Ok(sign * f64::INFINITY);
    }
    if s.eq_ignore_ascii_case("nan") {
        return Ok(f64::NAN.copysign(sign));
    }
    let s = s.strip_prefix("0x").or_else(|| s.strip_prefix("0X")).unwrap_or(s);
    let (mantissa, exp) = match s.find(['p', 'P']) {
        Some(i) => (&s[..i], Some(&s[i + 1..])),
        None => (s, None),
    };
    let exp = exp.map_or(Ok(0), parse_exponent)?;
    let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if int.is_empty() && frac.is_empty()
        || !int.bytes().chain(frac.bytes()).all(|b| b.is_ascii_hexdigit())
    {
        return Err(HexError::Invalid);
    }
    assemble(int, frac, exp).map(|x| sign * x)
}

fn parse_exponent(e: &str) -> Result<i64, HexError> {
    let digits = e.strip_prefix(['+', '-']).unwrap_or(e);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(HexError::Invalid);
    }
    let bound = i64::MAX / 16;
    let n = digits.parse::<i64>().unwrap_or(bound).min(bound);
    Ok(if e.starts_with('-') { -n } else { n })
}

/// The double nearest to `int.frac * 2**exp`, digits being hexadecimal.
fn assemble(int: &str, frac: &str, exp: i64) -> Result<f64, HexError> {
    let digit = |b: u8| u64::from((b as char).to_digit(16).unwrap_or(0));
    let all: Vec<u64> = int.bytes().chain(frac.bytes()).map(digit).collect();
    let Some(first) = all.iter().position(|&d| d != 0) else { return Ok(0.0) };
    let mut bits: u64 = 0;
    let (mut used, mut sticky) = (0, false);
    for &d in &all[first..] {
        if used < 15 {
            bits = bits << 4 | d;
            used += 1;
        } else {
            sticky |= d != 0;
        }
    }
    let unused = (all.len() - first - used) as i64;
    // value = bits * 2**scale, plus something smaller than one unit if sticky
    let scale = exp.saturating_add(4 * unused).saturating_sub(4 * frac.len() as i64);
    let top = i64::from(64 - bits.leading_zeros()) + scale; // value in [2**(top-1), 2**top)
    if top > 1024 {
        return Err(HexError::TooLarge);
    }
    if top < -1075 {
        return Ok(0.0);
    }
    let lsb = (top - 53).max(-1074);
    let shift = lsb - scale;
    let mut m = bits;
    if shift > 0 {
        let (kept, lost) =
            if shift >= 64 { (0, bits) } else { (bits >> shift, bits & ((1 << shift) - 1)) };
        let half = if shift > 64 { u64::MAX } else { 1_u64 << (shift - 1).min(63) };
        let above = lost > half || (lost == half && sticky);
        let tie = lost == half && !sticky;
        m = kept + u64::from(above || (tie && kept & 1 == 1));
    } else {
        m <<= -shift;
    }
    let x = scale_by_two(m as f64, lsb);
    if x.is_infinite() { Err(HexError::TooLarge) } else { Ok(x) }
}

fn scale_by_two(x: f64, exp: i64) -> f64 {
    // Two exact steps: every intermediate is a normal number or the exact result.
    let half = (exp / 2) as i32;
    x * 2_f64.powi(half) * 2_f64.powi(exp as i32 - half)
}

/// Parses the argument of `float()`: surrounding white space, underscores between digits,
/// digits of any script, `inf`, `infinity`, `nan`. `None` is CPython's
/// "could not convert string to float".
pub fn parse(text: &[u8]) -> Option<f64> {
    if text.is_ascii() {
        return parse_ascii(text);
    }
    let mut ascii = Vec::with_capacity(text.len());
    for c in cp::iter(text) {
        match c {
            0..=127 => ascii.push(c as u8),
            _ if classify::is_space(c) => ascii.push(b' '),
            _ => ascii.push(b'0' + classify::decimal_value(c)? as u8),
        }
    }
    parse_ascii(&ascii)
}

/// As [`parse`] for bytes, which only know ASCII digits.
pub fn parse_ascii(bytes: &[u8]) -> Option<f64> {
    let space = |b: &u8| classify::is_space(u32::from(*b));
    let start = bytes.iter().position(|b| !space(b))?;
    let end = bytes.iter().rposition(|b| !space(b))? + 1;
    let s = std::str::from_utf8(&bytes[start..end]).ok()?;
    let body = s.strip_prefix(['+', '-']).unwrap_or(s);
    let first = body.bytes().next()?;
    if first.is_ascii_alphabetic() {
        let known = ["inf", "infinity", "nan"].iter().any(|w| body.eq_ignore_ascii_case(w));
        return if known { s.parse().ok() } else { None };
    }
    if !s.contains('_') {
        return number_shape(body).then(|| s.parse().ok()).flatten();
    }
    let b = s.as_bytes();
    let lonely = |i: usize| {
        let digit = |j: Option<usize>| j.and_then(|j| b.get(j)).is_some_and(u8::is_ascii_digit);
        b[i] == b'_' && !(digit(i.checked_sub(1)) && digit(Some(i + 1)))
    };
    if (0..b.len()).any(lonely) {
        return None;
    }
    let clean: String = s.chars().filter(|&c| c != '_').collect();
    let body = clean.strip_prefix(['+', '-']).unwrap_or(&clean);
    number_shape(body).then(|| clean.parse().ok()).flatten()
}

fn number_shape(body: &str) -> bool {
    body.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_match_cpython() {
        assert_eq!(digits(1.0, Form::General, 6, false, false, false), "1");
        assert_eq!(digits(1.0, Form::General, 6, true, false, false), "1.00000");
        assert_eq!(digits(1e-5, Form::General, 6, false, false, true), "1E-05");
        assert_eq!(digits(0.5, Form::Fixed, 0, false, false, false), "0");
        assert_eq!(digits(2.675, Form::Fixed, 2, false, false, false), "2.67");
        assert_eq!(digits(1.0, Form::General, 1, false, true, false), "1e+00");
        assert_eq!(digits(1.0, Form::General, 3, false, true, false), "1.0");
        assert_eq!(digits(12.0, Form::General, 2, false, true, false), "1.2e+01");
        assert_eq!(digits(12.0, Form::Exp, 0, true, false, false), "1.e+01");
    }

    #[test]
    fn hex_round_trips_and_rounds_half_to_even() {
        for x in [1.0, -0.1, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308] {
            assert_eq!(from_hex(&hex(x)), Ok(x));
        }
        assert_eq!(from_hex("0x1.00000000000008p0"), Ok(1.0));
        assert_eq!(from_hex("0x1.000000000000081p0"), Ok(1.0 + f64::EPSILON));
        assert_eq!(from_hex("0x1.8p1"), Ok(3.0));
        assert_eq!(from_hex("ap-1"), Ok(5.0));
        assert_eq!(from_hex("0x1p1024"), Err(HexError::TooLarge));
        assert_eq!(from_hex("0x0.8p-1074"), Ok(0.0));
        assert_eq!(from_hex("0x0.81p-1074"), Ok(5e-324));
        assert_eq!(from_hex("0x"), Err(HexError::Invalid));
    }

    #[test]
    fn parses_like_float() {
        assert_eq!(parse(b" 1_000.5e1_0 "), Some(1000.5e10));
        assert_eq!(parse("١٢".as_bytes()), Some(12.0));
        assert_eq!(parse(b"-Infinity"), Some(f64::NEG_INFINITY));
        assert!(parse(b"+nan").is_some_and(f64::is_nan));
        for bad in [
            &b""[..],
            b"1__0",
            b"_1",
            b"1_",
            b"1_.5",
            b"1e",
            b"0x1",
            b"infinit",
            b"--1",
            b"1 2",
            b".",
            b"e5",
        ] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
        assert_eq!(parse(b".5"), Some(0.5));
        assert_eq!(parse(b"5."), Some(5.0));
    }
}
