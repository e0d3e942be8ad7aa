//! Floats from text and to text: decimal parsing, `repr`, hexadecimal notation.

use crate::num::{NumError, NumResult, big::text::ascii_digits};

/// `float(text)`; `None` if it is no float literal (the caller's message quotes the text).
pub fn parse_float(text: &str) -> Option<f64> {
    let text = ascii_digits(text);
    parse_trimmed(&text)
}

/// Reads ASCII decimal notation, `inf`, `infinity` or `nan`, with an underscore allowed between
/// two digits and no white space.
pub fn parse_trimmed(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'_') {
        return text.parse().ok();
    }
    let digit_at = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let misplaced = |(i, &b): (usize, &u8)| {
        b == b'_' && !(digit_at(i.checked_sub(1)) && digit_at(i.checked_add(1)))
    };
    if bytes.iter().enumerate().any(misplaced) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// `repr(value)`: the shortest digits that read back the same.
pub fn repr(value: f64) -> String {
    shortest(value, true)
}

/// The shortest digits that read back the same; with `point`, whole numbers end in `.0`.
pub fn shortest(value: f64, point: bool) -> String {
    if value.is_nan() {
        return String::from("nan");
    }
    if value.is_infinite() {
        return String::from(if value < 0.0 { "-inf" } else { "inf" });
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        return scientific(value);
    }
    let mut text = value.to_string();
    if point && !text.contains('.') {
        text.push_str(".0");
    }
    text
}

fn scientific(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((digits, exp)) = text.split_once('e') else { return text };
    let (sign, exp) = match exp.strip_prefix('-') {
        Some(exp) => ('-', exp),
        None => ('+', exp),
    };
    format!("{digits}e{sign}{exp:0>2}")
}

/// `value.hex()`
pub fn to_hex(value: f64) -> String {
    if !value.is_finite() {
        return repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let biased = bits >> 52 & 0x7ff;
    let (lead, exp) = if biased == 0 { (0, -1022) } else { (1, biased as i64 - 1023) };
    format!("{sign}0x{lead}.{:013x}p{exp:+}", bits & ((1 << 52) - 1))
}

/// `float.fromhex(text)`
///
/// # Errors
/// `ValueError` for bad notation, `OverflowError` if it is too large.
pub fn from_hex(text: &str) -> NumResult<f64> {
    let invalid = || NumError::value("invalid hexadecimal floating-point string");
    let is_space = |c: char| matches!(c, ' ' | '\t'..='\r');
    let text = text.trim_matches(is_space);
    let (negative, body) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = match body.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        lower => {
            let body = lower.strip_prefix("0x").unwrap_or(lower);
            hex_magnitude(body).ok_or_else(invalid)?
        }
    };
    if magnitude.is_infinite() && !body.to_ascii_lowercase().starts_with("inf") {
        return Err(NumError::overflow("hexadecimal value too large to represent as a float"));
    }
    Ok(if negative { -magnitude } else { magnitude })
}

/// `digits[.digits][p[sign]decimal]`, in lower case; infinite if out of range.
fn hex_magnitude(body: &str) -> Option<f64> {
    let (digits, exp) = match body.split_once('p') {
        Some((digits, exp)) => (digits, parse_exponent(exp)?),
        None => (body, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut dropped = 0_i64;
    for c in whole.chars().chain(fraction.chars()) {
        let digit = c.to_digit(16)?;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
        } else {
            // Out of room: only whether anything follows still matters.
            mantissa |= u64::from(digit != 0);
            dropped += 1;
        }
    }
    let fraction_len = i64::try_from(fraction.len()).ok()?;
    let exp = exp.saturating_add(4 * dropped).saturating_sub(4 * fraction_len);
    Some(crate::num::big::f64_from_u64_rounded(mantissa, exp.clamp(-10_000, 10_000)))
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX / 8).min(i64::MAX / 8);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_like_python() {
        for (text, want) in [
            ("1", 1.0),
            (" 1.5e3\n", 1500.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1_0.0_1", 10.01),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            ("\u{661}.5", 1.5),
            ("1e1_0", 1e10),
        ] {
            assert_eq!(parse_float(text), Some(want), "{text:?}");
        }
        for text in [
            "", ".", "1_", "_1", "1__0", "1_.5", "1._5", "1e", "1e_5", "0x10", "1 2", "infi",
            "in_f", "--1",
        ] {
            assert_eq!(parse_float(text), None, "{text:?}");
        }
        assert!(parse_float("-nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn repr_is_shortest() {
        for (value, want) in [
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (-0.0, "-0.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (5e-324, "5e-324"),
            (1.5e300, "1.5e+300"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (f64::NEG_INFINITY, "-inf"),
            (9999999999999998.0, "9999999999999998.0"),
        ] {
            assert_eq!(repr(value), want);
        }
        assert_eq!(shortest(3.0, false), "3");
    }

    #[test]
    fn hexadecimal_both_ways() {
        for (value, want) in [
            (1.0, "0x1.0000000000000p+0"),
            (-0.1, "-0x1.999999999999ap-4"),
            (0.0, "0x0.0p+0"),
            (5e-324, "0x0.0000000000001p-1022"),
            (f64::MAX, "0x1.fffffffffffffp+1023"),
        ] {
            assert_eq!(to_hex(value), want);
            assert_eq!(from_hex(want), Ok(value));
        }
        assert_eq!(from_hex(" 0x.8p1 "), Ok(1.0));
        assert_eq!(from_hex("a.p-1"), Ok(5.0));
        assert_eq!(from_hex("-INF"), Ok(f64::NEG_INFINITY));
        assert_eq!(from_hex("0x1p-1075"), Ok(0.0));
        assert_eq!(from_hex("0x1.8p-1075"), Ok(5e-324));
        assert_eq!(from_hex("0x1.00000000000008p0"), Ok(1.0));
        assert_eq!(from_hex("0x1.000000000000080000000001p0"), Ok(1.0000000000000002));
        for text in ["", "0x", "0xp1", "1p", "0x1.g", "x", "1.2.3"] {
            assert!(from_hex(text).is_err(), "{text:?}");
        }
        assert!(from_hex("0x1p1024").unwrap_err().text.contains("too large"));
        assert!(from_hex("0x1.fffffffffffff8p1023").is_err());
    }
}
