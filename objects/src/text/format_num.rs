//! Applying a format specifier to ints, floats and complex numbers.
//!
//! Big ints arrive as digit strings (a callback converts to the wanted radix), so this file
//! needs no integer type of its own.

use super::{
    TextError, cp,
    float_repr::{self, Form},
    format_spec::{self, Align, Spec, unknown_type},
};

/// What the formatter wants to know about an int.
pub trait IntSource {
    /// Magnitude in the given radix (2, 8, 10 or 16), lower case, no sign.
    fn magnitude(&self, radix: u32) -> Result<String, TextError>;
    /// Whether the int is negative.
    fn is_negative(&self) -> bool;
    /// The value as a code point, if in `0..0x110000`.
    fn code_point(&self) -> Option<u32>;
    /// The value as a float, or `None` if it is too large.
    fn to_float(&self) -> Option<f64>;
}

impl IntSource for i64 {
    fn magnitude(&self, radix: u32) -> Result<String, TextError> {
        let n = self.unsigned_abs();
        Ok(match radix {
            2 => format!("{n:b}"),
            8 => format!("{n:o}"),
            16 => format!("{n:x}"),
            _ => n.to_string(),
        })
    }

    fn is_negative(&self) -> bool {
        *self < 0
    }

    fn code_point(&self) -> Option<u32> {
        u32::try_from(*self).ok().filter(|&c| c < 0x11_0000)
    }

    fn to_float(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

/// A number taken apart: sign, prefix, integer digits, and what follows them.
struct Parts<'a> {
    negative: bool,
    prefix: &'a str,
    int: &'a [u8],
    /// Fraction digits and point, exponent, percent sign.
    tail: &'a [u8],
    /// Grouping width of the integer digits.
    every: usize,
}

/// `format(i, spec)` for an int (or a bool, whose `type_name` is then "bool").
pub fn format_int(
    n: &dyn IntSource,
    spec_text: &[u8],
    type_name: &str,
) -> Result<Vec<u8>, TextError> {
    let spec = format_spec::parse(spec_text, type_name, b'd', Align::Right)?;
    match u8::try_from(spec.ty).unwrap_or(0) {
        b'b' | b'c' | b'd' | b'o' | b'x' | b'X' | b'n' => int_presentation(n, &spec),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            let too_large = || TextError::overflow("int too large to convert to float");
            float_presentation(n.to_float().ok_or_else(too_large)?, &spec)
        }
        _ => Err(unknown_type(spec.ty, type_name)),
    }
}

fn int_presentation(n: &dyn IntSource, spec: &Spec) -> Result<Vec<u8>, TextError> {
    if spec.precision.is_some() {
        return Err(TextError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_neg_zero {
        return Err(TextError::value(
            "Negative zero coercion (z) not allowed in integer format specifier",
        ));
    }
    let ty = spec.ty as u8;
    if ty == b'c' {
        return char_presentation(n, spec);
    }
    let (radix, prefix, every) = match ty {
        b'b' => (2, "0b", 4),
        b'o' => (8, "0o", 4),
        b'x' => (16, "0x", 4),
        b'X' => (16, "0X", 4),
        _ => (10, "", 3),
    };
    let mut digits = n.magnitude(radix)?;
    if ty == b'X' {
        digits.make_ascii_uppercase();
    }
    let parts = Parts {
        negative: n.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        int: digits.as_bytes(),
        tail: b"",
        every,
    };
    lay_out(&parts, spec)
}

fn char_presentation(n: &dyn IntSource, spec: &Spec) -> Result<Vec<u8>, TextError> {
    let refuse = |what: &str| {
        Err(TextError::value(format!("{what} not allowed with integer format specifier 'c'")))
    };
    if spec.sign != 0 {
        return refuse("Sign");
    }
    if spec.alternate {
        return refuse("Alternate form (#)");
    }
    let Some(c) = n.code_point() else {
        return Err(TextError::overflow("%c arg not in range(0x110000)"));
    };
    format_spec::pad(&cp::collect([c]), 1, spec)
}

/// `format(x, spec)` for a float.
pub fn format_float(x: f64, spec_text: &[u8], type_name: &str) -> Result<Vec<u8>, TextError> {
    let spec = format_spec::parse(spec_text, type_name, 0, Align::Right)?;
    match u8::try_from(spec.ty).unwrap_or(b'?') {
        0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n' | b'%' => float_presentation(x, &spec),
        _ => Err(unknown_type(spec.ty, type_name)),
    }
}

fn check_precision(spec: &Spec) -> Result<(), TextError> {
    match spec.precision {
        Some(p) if p > i32::MAX as usize => Err(TextError::value("precision too big")),
        _ => Ok(()),
    }
}

/// Form, precision and "add .0" for type letter `ty`.
fn float_form(ty: u8, precision: Option<usize>) -> (Form, usize, bool) {
    match (ty | 0x20, precision) {
        (b'e', p) => (Form::Exp, p.unwrap_or(6), false),
        (b'f', p) => (Form::Fixed, p.unwrap_or(6), false),
        _ if ty == b'%' => (Form::Fixed, precision.unwrap_or(6), false),
        _ if ty == 0 => match precision {
            None => (Form::Repr, 0, false),
            Some(p) => (Form::General, p, true),
        },
        (_, p) => (Form::General, p.unwrap_or(6), false),
    }
}

fn float_presentation(x: f64, spec: &Spec) -> Result<Vec<u8>, TextError> {
    check_precision(spec)?;
    let ty = spec.ty as u8;
    let (form, precision, dot_zero) = float_form(ty, spec.precision);
    let value = if ty == b'%' { x * 100.0 } else { x };
    let mut text = float_repr::digits(
        value,
        form,
        precision,
        spec.alternate,
        dot_zero,
        ty.is_ascii_uppercase(),
    );
    if ty == b'%' {
        text.push('%');
    }
    let negative = value.is_sign_negative()
        && !value.is_nan()
        && !(spec.no_neg_zero && mantissa_is_zero(&text));
    let int_len = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (int, tail) = text.as_bytes().split_at(int_len);
    let tail = group_fraction(tail, spec.frac_grouping);
    let parts = Parts { negative, prefix: "", int, tail: &tail, every: 3 };
    lay_out(&parts, spec)
}

fn mantissa_is_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    !mantissa.bytes().any(|b| matches!(b, b'1'..=b'9' | b'n' | b'N'))
}

/// Groups the digits after the point from the left.
fn group_fraction(tail: &[u8], grouping: u8) -> Vec<u8> {
    if grouping == 0 || tail.first() != Some(&b'.') {
        return tail.to_vec();
    }
    let digits = tail[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut out = vec![b'.'];
    for (i, &b) in tail[1..=digits].iter().enumerate() {
        if i > 0 && i.is_multiple_of(3) {
            out.push(grouping);
        }
        out.push(b);
    }
    out.extend_from_slice(&tail[1 + digits..]);
    out
}

fn sign_of(negative: bool, sign: u8) -> &'static str {
    match (negative, sign) {
        (true, _) => "-",
        (false, b'+') => "+",
        (false, b' ') => " ",
        _ => "",
    }
}

fn lay_out(parts: &Parts<'_>, spec: &Spec) -> Result<Vec<u8>, TextError> {
    let sign = sign_of(parts.negative, spec.sign);
    let fixed = sign.len() + parts.prefix.len() + parts.tail.len();
    format_spec::check_len(spec.width.unwrap_or(0))?;
    let zero_filled = spec.fill == 48 && spec.align == Align::AfterSign;
    let min_int = if zero_filled { spec.width.unwrap_or(0).saturating_sub(fixed) } else { 0 };
    let mut int = Vec::new();
    let int = if spec.grouping != 0 && !parts.int.is_empty() {
        group(parts.int, spec.grouping, parts.every, min_int, &mut int);
        &int
    } else {
        parts.int
    };
    let len = fixed + int.len();
    let head = [sign, parts.prefix].concat();
    if spec.align == Align::AfterSign {
        let total = spec.width.unwrap_or(0).saturating_sub(len);
        let mut out = head.into_bytes();
        let mut fill = Vec::new();
        cp::push(&mut fill, spec.fill);
        super::shape::repeat_into(&mut out, &fill, total);
        out.extend_from_slice(int);
        out.extend_from_slice(parts.tail);
        return Ok(out);
    }
    let body = [head.as_bytes(), int, parts.tail].concat();
    format_spec::pad(&body, len, spec)
}

/// Groups `digits` from the right, first extended with zeros so that the result is at least
/// `min` long.
fn group(digits: &[u8], sep: u8, every: usize, min: usize, out: &mut Vec<u8>) {
    let grouped = |n: usize| n + n.saturating_sub(1) / every;
    let mut n = digits.len();
    if grouped(n) < min {
        n = (min * every).div_ceil(every + 1).max(n);
        while grouped(n) < min {
            n += 1;
        }
    }
    let zeros = n - digits.len();
    for i in 0..n {
        if i > 0 && (n - i).is_multiple_of(every) {
            out.push(sep);
        }
        out.push(i.checked_sub(zeros).map_or(b'0', |j| digits[j]));
    }
}

/// `format(z, spec)` for a complex number.
pub fn format_complex(re: f64, im: f64, spec_text: &[u8]) -> Result<Vec<u8>, TextError> {
    let spec = format_spec::parse(spec_text, "complex", 0, Align::Right)?;
    let ty = match u8::try_from(spec.ty).unwrap_or(b'?') {
        t @ (0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n') => t,
        _ => return Err(unknown_type(spec.ty, "complex")),
    };
    if spec.fill == 48 {
        return Err(TextError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        return Err(TextError::value(
            "'=' alignment flag is not allowed in complex format specifier",
        ));
    }
    check_precision(&spec)?;
    let bare = Spec { width: None, fill: 32, align: Align::Left, ..spec.clone() };
    let part = |x: f64, sign: u8| {
        let (form, precision, _) = float_form(ty, spec.precision);
        let form = if ty == 0 && spec.precision.is_some() { Form::General } else { form };
        let mut text =
            float_repr::digits(x, form, precision, spec.alternate, false, ty.is_ascii_uppercase());
        if ty == 0 && spec.precision.is_none() && text.ends_with(".0") && !spec.alternate {
            text.truncate(text.len() - 2);
        }
        let int_len = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
        let (int, tail) = text.as_bytes().split_at(int_len);
        let tail = group_fraction(tail, spec.frac_grouping);
        let negative =
            x.is_sign_negative() && !x.is_nan() && !(spec.no_neg_zero && mantissa_is_zero(&text));
        let parts = Parts { negative, prefix: "", int, tail: &tail, every: 3 };
        lay_out(&parts, &Spec { sign, ..bare.clone() })
    };
    let skip_re = ty == 0 && re == 0.0 && !re.is_sign_negative();
    let mut body = Vec::new();
    if !skip_re {
        body = part(re, spec.sign)?;
    }
    body.extend(part(im, if skip_re { spec.sign } else { b'+' })?);
    body.push(b'j');
    if ty == 0 && !skip_re {
        body.insert(0, b'(');
        body.push(b')');
    }
    let len = body.len();
    format_spec::pad(&body, len, &spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(r: Result<Vec<u8>, TextError>) -> String {
        r.map_or_else(|e| e.message, |v| String::from_utf8(v).unwrap())
    }

    fn int(n: i64, spec: &str) -> String {
        show(format_int(&n, spec.as_bytes(), "int"))
    }

    fn float(x: f64, spec: &str) -> String {
        show(format_float(x, spec.as_bytes(), "float"))
    }

    #[test]
    fn ints() {
        assert_eq!(int(12345, "08,"), "0,012,345");
        assert_eq!(int(-12345, "=+08_"), "-012_345");
        assert_eq!(int(255, "#_b"), "0b1111_1111");
        assert_eq!(int(255, "#020_x"), "0x000_0000_0000_00ff");
        assert_eq!(int(255, "c"), "ÿ");
        assert_eq!(int(5, "a<05"), "5aaaa");
        assert_eq!(int(1, "%"), "100.000000%");
        assert_eq!(int(-7, " >+5"), "   -7");
        assert_eq!(int(1, ",n"), "Cannot specify ',' with 'n'.");
        assert_eq!(int(-1, "c"), "%c arg not in range(0x110000)");
    }

    #[test]
    fn floats() {
        assert_eq!(float(1234567.0, "020,"), "00,000,001,234,567.0");
        assert_eq!(float(1234567.0, ",.3e"), "1.235e+06");
        assert_eq!(float(1e16, "_"), "1e+16");
        assert_eq!(float(123456789.123, "_.10"), "123_456_789.1");
        assert_eq!(float(f64::NAN, "010,"), "0000000nan");
        assert_eq!(float(f64::NEG_INFINITY, "010"), "-000000inf");
        assert_eq!(float(-0.0001, "z.1f"), "0.0");
        assert_eq!(float(-0.0, "z.1e"), "0.0e+00");
        assert_eq!(float(1.0, "#"), "1.0");
        assert_eq!(float(1.0, ".1"), "1e+00");
        assert_eq!(float(1.5, ".3"), "1.5");
        assert_eq!(float(1234.56789012, ".8_f"), "1234.567_890_12");
    }

    #[test]
    fn complex() {
        let c = |re, im, spec: &str| show(format_complex(re, im, spec.as_bytes()));
        assert_eq!(c(1.0, 2.0, ""), "(1+2j)");
        assert_eq!(c(0.0, 1.0, "z"), "1j");
        assert_eq!(c(1.0, 2.0, ">20.2f"), "          1.00+2.00j");
        assert_eq!(c(1.0, 2.0, "010"), "Zero padding is not allowed in complex format specifier");
    }
}
