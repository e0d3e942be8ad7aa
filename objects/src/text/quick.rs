//! Short ways for the commonest formats: decimal digits, fixed-point floats, plain specifiers of small numbers.
//!
//! - Holds: what is written here is what `format_num.rs` and `float_repr.rs` would have written; whatever is not plain is
//!   left to them.

/// Text of a number that is about to become a string.
pub type Digits = smallvec::SmallVec<[u8; 32]>;

/// Appends the decimal digits of `n`, at least `least` of them.
pub fn push_decimal(out: &mut impl Extend<u8>, mut n: u64, least: usize) {
    let mut digits = [b'0'; 40];
    let mut at = digits.len();
    while n > 0 {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
    }
    let at = at.min(digits.len().saturating_sub(least.max(1)));
    out.extend(digits[at..].iter().copied());
}

/// The digits of `|x|` rounded to `precision` decimals, exact ties to even; `None` if that takes more than 128 bits.
pub fn fixed(x: f64, precision: usize) -> Option<Digits> {
    if !x.is_finite() || precision > 15 {
        return None;
    }
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32 - 1075;
    let mantissa = if exponent == -1075 { 0 } else { bits & ((1 << 52) - 1) | 1 << 52 };
    if exponent == -1075 && x != 0.0 || !(-120..=10).contains(&exponent) && mantissa != 0 {
        return None;
    }
    // At most 53 + 50 bits.
    let scaled = u128::from(mantissa) * 10_u128.pow(precision as u32);
    let rounded = match exponent {
        _ if mantissa == 0 => 0,
        0.. => scaled << exponent,
        _ => {
            let shift = exponent.unsigned_abs();
            let (whole, rest) = (scaled >> shift, scaled & ((1 << shift) - 1));
            let half = 1 << (shift - 1);
            whole + u128::from(rest > half || (rest == half && whole & 1 == 1))
        }
    };
    let unit = 10_u64.pow(precision as u32);
    let rounded = u64::try_from(rounded).ok()?;
    let mut out = Digits::new();
    push_decimal(&mut out, rounded / unit, 1);
    if precision > 0 {
        out.push(b'.');
        push_decimal(&mut out, rounded % unit, precision);
    }
    Some(out)
}

/// A specifier of ASCII digits and little else: `[<>]`, `0`, width, `.precision`, one of `d x f`.
struct Plain {
    align: u8,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    ty: u8,
}

fn parse(text: &[u8]) -> Option<Plain> {
    let mut rest = text;
    let number = |rest: &mut &[u8]| {
        let mut n = 0_usize;
        let mut any = false;
        while let Some((&d @ b'0'..=b'9', tail)) = rest.split_first() {
            n = n * 10 + usize::from(d - b'0');
            any = true;
            *rest = tail;
            if n > 1000 {
                return None;
            }
        }
        Some((n, any))
    };
    let mut align = b'>';
    if let Some((&c @ (b'<' | b'>'), tail)) = rest.split_first() {
        align = c;
        rest = tail;
    }
    let zero = rest.first() == Some(&b'0');
    if zero && rest.len() < text.len() {
        // With an alignment the zero is only a fill character.
        return None;
    }
    let (width, _) = number(&mut rest)?;
    let mut precision = None;
    if let Some((b'.', tail)) = rest.split_first() {
        rest = tail;
        let (n, any) = number(&mut rest)?;
        if !any {
            return None;
        }
        precision = Some(n);
    }
    let ty = match rest {
        [] => 0,
        [c @ (b'd' | b'x' | b'f')] => *c,
        _ => return None,
    };
    Some(Plain { align, zero, width, precision, ty })
}

/// `format(n, spec)` of an inline int (not a bool) for a plain specifier.
pub fn format_int(n: i64, spec: &[u8]) -> Option<Digits> {
    let spec = parse(spec)?;
    if spec.precision.is_some() || spec.ty == b'f' {
        return None;
    }
    let mut digits = Digits::new();
    if spec.ty == b'x' {
        push_hex(&mut digits, n.unsigned_abs());
    } else {
        push_decimal(&mut digits, n.unsigned_abs(), 1);
    }
    Some(lay_out(n < 0, &digits, &spec))
}

/// `format(x, spec)` of a float for a plain specifier.
pub fn format_float(x: f64, spec: &[u8]) -> Option<Digits> {
    let spec = parse(spec)?;
    if spec.ty != b'f' {
        return None;
    }
    let digits = fixed(x, spec.precision.unwrap_or(6))?;
    Some(lay_out(x.is_sign_negative(), &digits, &spec))
}

/// Appends the hexadecimal digits of `n`.
pub fn push_hex(out: &mut Digits, n: u64) {
    let n_digits = (64 - n.leading_zeros()).div_ceil(4).max(1);
    for i in (0..n_digits).rev() {
        let d = (n >> (4 * i) & 15) as u8;
        out.push(if d < 10 { b'0' + d } else { b'a' + d - 10 });
    }
}

fn lay_out(negative: bool, digits: &[u8], spec: &Plain) -> Digits {
    let padding = spec.width.saturating_sub(digits.len() + usize::from(negative));
    let mut out = Digits::new();
    let fill = |out: &mut Digits, c: u8| out.extend(std::iter::repeat_n(c, padding));
    if spec.align == b'>' && !spec.zero {
        fill(&mut out, b' ');
    }
    if negative {
        out.push(b'-');
    }
    if spec.zero {
        fill(&mut out, b'0');
    }
    out.extend_from_slice(digits);
    if spec.align == b'<' {
        fill(&mut out, b' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{fixed, format_float, format_int};
    use crate::text::format_num;

    #[test]
    fn fixed_agrees_with_the_exact_formatter() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for i in 0..20_000 {
            let x = match i % 4 {
                0 => f64::from_bits(random()),
                1 => (random() >> 40) as f64 / 64.0,
                2 => (random() % 100_000) as f64 / 1000.0,
                _ => f64::from_bits(random() >> 12 | 1000 << 52),
            };
            for precision in [0, 1, 2, 3, 6, 15] {
                if let Some(quick) = fixed(x, precision) {
                    let text = String::from_utf8_lossy(&quick).into_owned();
                    assert_eq!(text, format!("{:.precision$}", x.abs()), "{x:e} to {precision}");
                }
            }
        }
        assert_eq!(fixed(0.5, 0).as_deref(), Some(&b"0"[..]));
        assert_eq!(fixed(2.675, 2).as_deref(), Some(&b"2.67"[..]));
    }

    #[test]
    fn plain_specifiers_agree_with_the_general_way() {
        for spec in [
            "06d", ">4", "<7", "x", "08x", "5", "0", "d", "<03", ".3f", "10.2f", "<9.1f", "f",
            "04.1f",
        ] {
            for n in [0, 7, -7, 12_345, -99_999, i64::from(u32::MAX)] {
                if let Some(quick) = format_int(n, spec.as_bytes()) {
                    let general = format_num::format_int(&n, spec.as_bytes(), "int").ok();
                    assert_eq!(Some(quick.to_vec()), general, "{n} {spec}");
                }
            }
            for x in [0.0, -0.0, 1.5, -2.25, 1e15, -0.0004, f64::NAN, f64::INFINITY] {
                if let Some(quick) = format_float(x, spec.as_bytes()) {
                    let general = format_num::format_float(x, spec.as_bytes(), "float").ok();
                    assert_eq!(Some(quick.to_vec()), general, "{x} {spec}");
                }
            }
        }
    }
}
