//! Complex arithmetic with Python 3.14's semantics: mixed operations with reals keep the signs
//! of zeros and infinities (C99 Annex G), products and quotients recover infinities from NaN.

use std::ops::{Add, Mul, Neg, Sub};

use super::{
    NumError, NumResult,
    float::text::{parse_trimmed, shortest},
};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// `complex(re, im)`
pub const fn complex(re: f64, im: f64) -> Complex {
    Complex { re, im }
}

fn sign_of_inf(x: f64) -> f64 {
    (if x.is_infinite() { 1.0_f64 } else { 0.0 }).copysign(x)
}

fn zero_if_nan(x: f64) -> f64 {
    if x.is_nan() { 0.0_f64.copysign(x) } else { x }
}

impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        complex(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        complex(self.re - other.re, self.im - other.im)
    }
}

impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = self.plain_product(other);
        if product.is_all_nan() {
            self.recovered_product(other).unwrap_or(product)
        } else {
            product
        }
    }
}

impl Neg for Complex {
    type Output = Self;

    fn neg(self) -> Self {
        complex(-self.re, -self.im)
    }
}

impl Complex {
    /// Whether both parts are NaN: the sign that an infinity may have been lost.
    fn is_all_nan(self) -> bool {
        self.re.is_nan() && self.im.is_nan()
    }

    fn is_infinite(self) -> bool {
        self.re.is_infinite() || self.im.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.re.is_finite() && self.im.is_finite()
    }

    /// Infinite parts become ±1, finite ones ±0.
    fn boxed(self) -> Self {
        complex(sign_of_inf(self.re), sign_of_inf(self.im))
    }

    /// `self + real`
    #[must_use]
    pub fn add_real(self, real: f64) -> Self {
        complex(self.re + real, self.im)
    }

    /// `self - real`
    #[must_use]
    pub fn sub_real(self, real: f64) -> Self {
        complex(self.re - real, self.im)
    }

    /// `real - self`
    #[must_use]
    pub fn real_sub(real: f64, other: Self) -> Self {
        complex(real - other.re, -other.im)
    }

    /// `self * real`
    #[must_use]
    pub fn mul_real(self, real: f64) -> Self {
        complex(self.re * real, self.im * real)
    }

    fn plain_product(self, other: Self) -> Self {
        complex(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }

    /// An infinite factor makes an infinite product even where the plain formula yields NaN.
    fn recovered_product(self, other: Self) -> Option<Self> {
        let (mut a, mut b) = (self, other);
        let mut recalc = false;
        if a.is_infinite() {
            a = a.boxed();
            b = complex(zero_if_nan(b.re), zero_if_nan(b.im));
            recalc = true;
        }
        if b.is_infinite() {
            b = b.boxed();
            a = complex(zero_if_nan(a.re), zero_if_nan(a.im));
            recalc = true;
        }
        let overflowed =
            [self.re * other.re, self.im * other.im, self.re * other.im, self.im * other.re];
        if !recalc && overflowed.iter().any(|term| term.is_infinite()) {
            a = complex(zero_if_nan(a.re), zero_if_nan(a.im));
            b = complex(zero_if_nan(b.re), zero_if_nan(b.im));
            recalc = true;
        }
        let product = a.plain_product(b);
        recalc.then(|| complex(f64::INFINITY * product.re, f64::INFINITY * product.im))
    }

    /// `self / real`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn div_real(self, real: f64) -> NumResult<Self> {
        if real == 0.0 {
            return Err(NumError::zero_division("division by zero"));
        }
        Ok(complex(self.re / real, self.im / real))
    }

    /// `real / other`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn real_div(real: f64, other: Self) -> NumResult<Self> {
        complex(real, 0.0).div_with(other, |a, ratio, denominator, wide| match wide {
            true => complex(a.re / denominator, -a.re * ratio / denominator),
            false => complex(a.re * ratio / denominator, -a.re / denominator),
        })
    }

    /// `self / other`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn quotient(self, other: Self) -> NumResult<Self> {
        self.div_with(other, |a, ratio, denominator, wide| match wide {
            true => {
                complex((a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator)
            }
            false => {
                complex((a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator)
            }
        })
    }

    /// Divides by scaling with the larger part of the divisor (Smith, CACM 1962). `finish` gets
    /// the ratio of the parts, the scaled divisor, and whether the real part was the larger.
    fn div_with(
        self,
        other: Self,
        finish: impl Fn(Self, f64, f64, bool) -> Self,
    ) -> NumResult<Self> {
        let (re, im) = (other.re.abs(), other.im.abs());
        let quotient = if re >= im {
            if re == 0.0 {
                return Err(NumError::zero_division("division by zero"));
            }
            let ratio = other.im / other.re;
            finish(self, ratio, other.re + other.im * ratio, true)
        } else if im >= re {
            let ratio = other.re / other.im;
            finish(self, ratio, other.re * ratio + other.im, false)
        } else {
            complex(f64::NAN, f64::NAN)
        };
        Ok(if quotient.is_all_nan() { self.recovered_quotient(other, quotient) } else { quotient })
    }

    fn recovered_quotient(self, other: Self, quotient: Self) -> Self {
        let scaled = |scale: f64, a: Self, b: Self| {
            complex(scale * (a.re * b.re + a.im * b.im), scale * (a.im * b.re - a.re * b.im))
        };
        if self.is_infinite() && other.is_finite() {
            return scaled(f64::INFINITY, self.boxed(), other);
        }
        if other.is_infinite() && self.is_finite() {
            return scaled(0.0, self, other.boxed());
        }
        quotient
    }

    /// `abs(self)`
    ///
    /// # Errors
    /// `OverflowError`
    pub fn abs(self) -> NumResult<f64> {
        let result = self.re.hypot(self.im);
        if result.is_infinite() && self.is_finite() {
            return Err(NumError::overflow("absolute value too large"));
        }
        Ok(result)
    }

    /// `self ** exp`
    ///
    /// # Errors
    /// `ZeroDivisionError` for zero to a negative or complex power, `OverflowError`.
    pub fn pow(self, exp: Self) -> NumResult<Self> {
        let zero_power = || NumError::zero_division("zero to a negative or complex power");
        let small = exp.im == 0.0 && exp.re == exp.re.floor() && exp.re.abs() <= 100.0;
        let result = if small {
            self.pow_int(exp.re as i32).map_err(|_| zero_power())?
        } else if self.re == 0.0 && self.im == 0.0 {
            if exp.im != 0.0 || exp.re < 0.0 {
                return Err(zero_power());
            }
            complex(0.0, 0.0)
        } else {
            self.pow_polar(exp)
        };
        if result.is_infinite() {
            return Err(NumError::overflow("complex exponentiation"));
        }
        Ok(result)
    }

    fn pow_int(self, exp: i32) -> NumResult<Self> {
        let mut result = complex(1.0, 0.0);
        let mut square = self;
        let mut rest = exp.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                result = result * square;
            }
            rest >>= 1;
            square = square * square;
        }
        if exp > 0 { Ok(result) } else { complex(1.0, 0.0).quotient(result) }
    }

    fn pow_polar(self, exp: Self) -> Self {
        let magnitude = self.re.hypot(self.im);
        let angle = self.im.atan2(self.re);
        let mut length = magnitude.powf(exp.re);
        let mut phase = angle * exp.re;
        if exp.im != 0.0 {
            length *= (-angle * exp.im).exp();
            phase += exp.im * magnitude.ln();
        }
        complex(length * phase.cos(), length * phase.sin())
    }

    /// `repr(self)`
    pub fn repr(self) -> String {
        let im = shortest(self.im, false);
        if self.re == 0.0 && self.re.is_sign_positive() {
            return format!("{im}j");
        }
        let plus = if im.starts_with('-') { "" } else { "+" };
        format!("({}{plus}{im}j)", shortest(self.re, false))
    }

    /// `complex(text)`; `None` if malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let text = crate::num::big::text::ascii_digits(text);
        let is_space = |c: char| c.is_whitespace() || matches!(c, '\x1c'..='\x1f');
        let text = match text.strip_prefix('(') {
            Some(inner) => inner.strip_suffix(')')?.trim_matches(is_space),
            None => &*text,
        };
        Self::parse_bare(text)
    }

    fn parse_bare(text: &str) -> Option<Self> {
        let first = float_prefix(text);
        let (head, rest) = text.split_at(first);
        if rest.is_empty() {
            return parse_trimmed(head).map(|re| complex(re, 0.0));
        }
        if matches!(rest, "j" | "J") {
            return imaginary(head).map(|im| complex(0.0, im));
        }
        // Without a digit there is no real part that could be followed by an imaginary one.
        let re = parse_trimmed(head)?;
        let tail = rest.strip_suffix(['j', 'J'])?;
        if !tail.starts_with(['+', '-']) || float_prefix(tail) != tail.len() {
            return None;
        }
        imaginary(tail).map(|im| complex(re, im))
    }
}

/// The number before a `j`; a lone sign (or nothing) stands for one.
fn imaginary(text: &str) -> Option<f64> {
    match text {
        "" | "+" => Some(1.0),
        "-" => Some(-1.0),
        _ => parse_trimmed(text),
    }
}

/// How many bytes at the start of `text` look like a float: a sign, digits, point, exponent or a
/// special name. What it finds may still be refused by the float parser.
fn float_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let lower = text.get(at..).unwrap_or("").to_ascii_lowercase();
    for name in ["infinity", "inf", "nan"] {
        if lower.starts_with(name) {
            return at + name.len();
        }
    }
    let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'_' | b'.');
    at += bytes[at..].iter().take_while(|b| is_part(b)).count();
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = bytes.get(at + 1 + sign..).map_or(0, |rest| {
            rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count()
        });
        if digits > 0 {
            at += 1 + sign + digits;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn parses_and_prints() {
        for (text, want) in [
            ("1+2j ", "(1+2j)"),
            ("j", "1j"),
            ("-j", "-1j"),
            ("3", "(3+0j)"),
            ("1e5j", "100000j"),
            ("( 1.5-2.5j )", "(1.5-2.5j)"),
            ("1_0+j", "(10+1j)"),
            ("-0-0j", "(-0-0j)"),
            ("inf+nanj", "(inf+nanj)"),
            ("1e-5-Infinityj", "(1e-05-infj)"),
            ("1e16j", "1e+16j"),
        ] {
            assert_eq!(Complex::parse(text).map(Complex::repr).as_deref(), Some(want), "{text:?}");
        }
        for text in [
            "", "x", "1+2", "1 + 2j", "j1", "1j+2", "(1", "1)", "+", "1+2jj", "1__0j", "+j2",
            "j+1", "--1j", "1+-2j",
        ] {
            assert_eq!(Complex::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn powers() {
        assert_eq!(complex(1.0, 1.0).pow(complex(-3.0, 0.0)), Ok(complex(-0.25, -0.25)));
        assert_eq!(
            complex(1.0, 1.0).pow(complex(100.0, 0.0)),
            Ok(complex(-1125899906842624.0, 0.0))
        );
        assert_eq!(complex(0.0, 0.0).pow(complex(0.0, 0.0)), Ok(complex(1.0, 0.0)));
        assert!(complex(0.0, 0.0).pow(complex(1.0, 1.0)).is_err());
        assert!(complex(0.0, 0.0).pow(complex(-1.0, 0.0)).is_err());
        let got = complex(2.0, 3.0).pow(complex(1.5, 2.0));
        assert_eq!(got, Ok(complex(-0.5979579554145145, -0.7497377129621282)));
    }

    #[test]
    fn products_and_quotients_keep_infinities() {
        assert_eq!((complex(1e200, 0.0) * complex(1e200, 0.0)).re, INF);
        assert_eq!(complex(INF, INF) * complex(1.0, 0.0), complex(INF, INF));
        assert_eq!(complex(1.0, 2.0).quotient(complex(3.0, 4.0)), Ok(complex(0.44, 0.08)));
        assert_eq!(complex(1.0, 1.0).quotient(complex(INF, 0.0)).map(|c| c.re), Ok(0.0));
        assert!(complex(1.0, 1.0).quotient(complex(0.0, 0.0)).is_err());
        assert_eq!(Complex::real_div(1.0, complex(0.0, 2.0)), Ok(complex(0.0, -0.5)));
        assert!(complex(1e308, 1e308).abs().is_ok());
        assert!(complex(1.7e308, 1.7e308).abs().is_err());
    }
}
