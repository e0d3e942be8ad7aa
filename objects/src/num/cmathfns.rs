//! The functions of `cmath`.
//!
//! # Source
//! Kahan 1987, "Branch cuts for complex elementary functions", for the inverse functions; values
//! at infinities and NaN as in C99, Annex G.

use std::f64::consts::{E, FRAC_PI_2, FRAC_PI_4, LN_2, PI};

use super::{
    NumResult,
    complex::{Complex, complex},
    float::ldexp,
    mathfns::{domain_error, elementary::asinh as real_asinh, range_error},
};

/// Above this, squares and sums of two overflow.
const LARGE: f64 = f64::MAX / 4.0;
/// The logarithm of [`LARGE`].
const LOG_LARGE: f64 = 708.396_418_532_264_1;

/// What a function is at points with an infinite or NaN part: rows by the real part, columns by
/// the imaginary part, both in the order of [`class`]. Two letters are the parts of the result, see
/// [`letter`].
type Table = [&'static [u8; 14]; 7];

mod tables {
    use super::Table;

    pub(super) const ACOS: Table = [
        b"tipipipIpItIni",
        b"hi........hInn",
        b"hi........hIhn",
        b"hi........hIhn",
        b"hi........hInn",
        b"qizizizIzIqIni",
        b"ninnnnnnnnnInn",
    ];
    pub(super) const ACOSH: Table = [
        b"iTiPiPipipitin",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iQiZiZiziziqin",
        b"innnnnnnnninnn",
    ];
    pub(super) const ASINH: Table = [
        b"IQIZIZIzIzIqIn",
        b"IH........Ihnn",
        b"IH........Ihnn",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iQiZiZiziziqin",
        b"innnnZnznninnn",
    ];
    pub(super) const ATANH: Table = [
        b"ZHZHZHZhZhZhZn",
        b"ZH........Zhnn",
        b"ZH........ZhZn",
        b"zH........zhzn",
        b"zH........zhnn",
        b"zHzHzHzhzhzhzn",
        b"zHnnnnnnnnzhnn",
    ];
    pub(super) const COSH: Table = [
        b"!!iiiziZiI!!in",
        b"!!........!!nn",
        b"!!........!!nz",
        b"!!........!!nz",
        b"!!........!!nn",
        b"!!iIiZizii!!in",
        b"nnnnnznznnnnnn",
    ];
    pub(super) const EXP: Table = [
        b"zzzZzZzzzzzzzz",
        b"!!........!!nn",
        b"!!........!!nn",
        b"!!........!!nn",
        b"!!........!!nn",
        b"!!iIiZizii!!in",
        b"nnnnnZnznnnnnn",
    ];
    pub(super) const LOG: Table = [
        b"iTiPiPipipitin",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iH........ihnn",
        b"iQiZiZiziziqin",
        b"innnnnnnnninnn",
    ];
    pub(super) const SINH: Table = [
        b"!!IIIZIzIi!!in",
        b"!!........!!nn",
        b"!!........!!zn",
        b"!!........!!zn",
        b"!!........!!nn",
        b"!!iIiZizii!!in",
        b"nnnnnZnznnnnnn",
    ];
    pub(super) const SQRT: Table = [
        b"iIzIzIziziiini",
        b"iI........iinn",
        b"iI........iinn",
        b"iI........iinn",
        b"iI........iinn",
        b"iIiZiZiziziiin",
        b"iInnnnnnnniinn",
    ];
    pub(super) const TANH: Table = [
        b"OzOZOZOzOzOzOz",
        b"!!........!!nn",
        b"!!........!!nn",
        b"!!........!!nn",
        b"!!........!!nn",
        b"ozoZoZozozozoz",
        b"nnnnnZnznnnnnn",
    ];
    pub(super) const RECT: Table = [
        b"!!IiIzIZII!!in",
        b"!!........!!nn",
        b"zz........zzzz",
        b"zz........zzzz",
        b"!!........!!nn",
        b"!!iIiZizii!!in",
        b"nnnnnznznnnnnn",
    ];
}

/// Row or column of a part.
fn class(x: f64) -> usize {
    if x.is_nan() {
        return 6;
    }
    match (x.is_sign_negative(), x.is_infinite(), x == 0.0) {
        (true, true, _) => 0,
        (true, false, false) => 1,
        (true, false, true) => 2,
        (false, false, true) => 3,
        (false, false, false) => 4,
        (false, true, _) => 5,
    }
}

/// The number for a letter of a table; upper case is negative.
fn letter(c: u8) -> f64 {
    let magnitude = match c.to_ascii_lowercase() {
        b'z' => 0.0,
        b'o' => 1.0,
        b'i' => f64::INFINITY,
        b'p' => PI,
        b'h' => FRAC_PI_2,
        b'q' => FRAC_PI_4,
        b't' => 3.0 * FRAC_PI_4,
        _ => f64::NAN,
    };
    if c.is_ascii_uppercase() { -magnitude } else { magnitude }
}

/// The result at a point with an infinite or NaN part; `None` at finite points.
fn special(z: Complex, table: &Table) -> Option<NumResult<Complex>> {
    if z.re.is_finite() && z.im.is_finite() {
        return None;
    }
    let at = class(z.im) * 2;
    let row = table[class(z.re)];
    match (row[at], row[at + 1]) {
        (b'!', _) => Some(Err(domain_error())),
        (re, im) => Some(Ok(complex(letter(re), letter(im)))),
    }
}

/// An infinite length in the direction of a finite angle that is not zero.
fn infinite_ray(length: f64, angle: f64) -> Option<Complex> {
    let finite = angle.is_finite() && angle != 0.0;
    (length.is_infinite() && finite)
        .then(|| complex(f64::INFINITY.copysign(angle.cos()), f64::INFINITY.copysign(angle.sin())))
}

/// The result unless it overflowed.
fn bounded(z: Complex) -> NumResult<Complex> {
    if z.re.is_infinite() || z.im.is_infinite() { Err(range_error()) } else { Ok(z) }
}

/// `z * i`
fn turned(z: Complex) -> Complex {
    complex(-z.im, z.re)
}

/// `z * -i`
fn turned_back(z: Complex) -> Complex {
    complex(z.im, -z.re)
}

fn is_large(z: Complex) -> bool {
    z.re.abs() > LARGE || z.im.abs() > LARGE
}

/// `ln(2 * abs(z))` without overflow.
fn log_double(z: Complex) -> f64 {
    (z.re / 2.0).hypot(z.im / 2.0).ln() + LN_2 * 2.0
}

/// `cmath.sqrt`
///
/// # Errors
/// None so far; the signature is that of its siblings.
pub fn sqrt(z: Complex) -> NumResult<Complex> {
    special(z, &tables::SQRT).unwrap_or_else(|| Ok(sqrt_finite(z)))
}

fn sqrt_finite(z: Complex) -> Complex {
    if z.re == 0.0 && z.im == 0.0 {
        return complex(0.0, z.im);
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let ax = ldexp(ax, 53);
        ldexp((ax + ax.hypot(ldexp(ay, 53))).sqrt(), -27)
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    match z.re >= 0.0 {
        true => complex(s, d.copysign(z.im)),
        false => complex(d, s.copysign(z.im)),
    }
}

/// `cmath.acos`
///
/// # Errors
/// None so far; the signature is that of its siblings.
pub fn acos(z: Complex) -> NumResult<Complex> {
    if let Some(result) = special(z, &tables::ACOS) {
        return result;
    }
    if is_large(z) {
        let log = log_double(z);
        let im = if z.re < 0.0 { -log.copysign(z.im) } else { log.copysign(-z.im) };
        return Ok(complex(z.im.abs().atan2(z.re), im));
    }
    let s1 = sqrt_finite(complex(1.0 - z.re, -z.im));
    let s2 = sqrt_finite(complex(1.0 + z.re, z.im));
    Ok(complex(2.0 * s1.re.atan2(s2.re), real_asinh(s2.re * s1.im - s2.im * s1.re)))
}

/// `cmath.acosh`
///
/// # Errors
/// None so far; the signature is that of its siblings.
pub fn acosh(z: Complex) -> NumResult<Complex> {
    if let Some(result) = special(z, &tables::ACOSH) {
        return result;
    }
    if is_large(z) {
        return Ok(complex(log_double(z), z.im.atan2(z.re)));
    }
    let s1 = sqrt_finite(complex(z.re - 1.0, z.im));
    let s2 = sqrt_finite(complex(z.re + 1.0, z.im));
    Ok(complex(real_asinh(s1.re * s2.re + s1.im * s2.im), 2.0 * s1.im.atan2(s2.re)))
}

/// `cmath.asinh`
///
/// # Errors
/// None so far; the signature is that of its siblings.
pub fn asinh(z: Complex) -> NumResult<Complex> {
    if let Some(result) = special(z, &tables::ASINH) {
        return result;
    }
    if is_large(z) {
        let log = log_double(z);
        let re = if z.im.is_sign_negative() { -log.copysign(-z.re) } else { log.copysign(z.re) };
        return Ok(complex(re, z.im.atan2(z.re.abs())));
    }
    let s1 = sqrt_finite(complex(1.0 + z.im, -z.re));
    let s2 = sqrt_finite(complex(1.0 - z.im, z.re));
    Ok(complex(
        real_asinh(s1.re * s2.im - s2.re * s1.im),
        z.im.atan2(s1.re * s2.re - s1.im * s2.im),
    ))
}

/// `cmath.asin`
///
/// # Errors
/// None so far; the signature is that of its siblings.
pub fn asin(z: Complex) -> NumResult<Complex> {
    asinh(turned(z)).map(turned_back)
}

/// `cmath.atanh`
///
/// # Errors
/// `ValueError` at 1 and -1.
pub fn atanh(z: Complex) -> NumResult<Complex> {
    if let Some(result) = special(z, &tables::ATANH) {
        return result;
    }
    if z.re.is_sign_negative() {
        return atanh(-z).map(|w| -w);
    }
    let ay = z.im.abs();
    let sqrt_large = LARGE.sqrt();
    if z.re > sqrt_large || ay > sqrt_large {
        let h = (z.re / 2.0).hypot(ay / 2.0);
        return Ok(complex(z.re / 4.0 / h / h, -FRAC_PI_2.copysign(-z.im)));
    }
    if z.re == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(domain_error());
        }
        let re = -(ay.sqrt() / ay.hypot(2.0).sqrt()).ln();
        return Ok(complex(re, (2.0_f64.atan2(-ay) / 2.0).copysign(z.im)));
    }
    let below = 1.0 - z.re;
    Ok(complex(
        (4.0 * z.re / (below * below + ay * ay)).ln_1p() / 4.0,
        -(-2.0 * z.im).atan2(below * (1.0 + z.re) - ay * ay) / 2.0,
    ))
}

/// `cmath.atan`
///
/// # Errors
/// `ValueError` at `1j` and `-1j`.
pub fn atan(z: Complex) -> NumResult<Complex> {
    atanh(turned(z)).map(turned_back)
}

/// `cmath.exp`
///
/// # Errors
/// `ValueError` for an infinite angle, `OverflowError`.
pub fn exp(z: Complex) -> NumResult<Complex> {
    if let Some(ray) = infinite_ray(z.re, z.im) {
        // Towards minus infinity the length is zero.
        return Ok(match z.re > 0.0 {
            true => ray,
            false => complex(0.0_f64.copysign(ray.re), 0.0_f64.copysign(ray.im)),
        });
    }
    if let Some(result) = special(z, &tables::EXP) {
        return result;
    }
    let (length, scale) =
        if z.re > LOG_LARGE { ((z.re - 1.0).exp(), E) } else { (z.re.exp(), 1.0) };
    bounded(complex(length * z.im.cos() * scale, length * z.im.sin() * scale))
}

/// `cmath.cosh`
///
/// # Errors
/// `ValueError` for an infinite imaginary part, `OverflowError`.
pub fn cosh(z: Complex) -> NumResult<Complex> {
    if let Some(ray) = infinite_ray(z.re, z.im) {
        return Ok(complex(ray.re, if z.re > 0.0 { ray.im } else { -ray.im }));
    }
    if let Some(result) = special(z, &tables::COSH) {
        return result;
    }
    let (x, scale) = tamed(z.re);
    bounded(complex(z.im.cos() * x.cosh() * scale, z.im.sin() * x.sinh() * scale))
}

/// `cmath.sinh`
///
/// # Errors
/// `ValueError` for an infinite imaginary part, `OverflowError`.
pub fn sinh(z: Complex) -> NumResult<Complex> {
    if let Some(ray) = infinite_ray(z.re, z.im) {
        return Ok(complex(if z.re > 0.0 { ray.re } else { -ray.re }, ray.im));
    }
    if let Some(result) = special(z, &tables::SINH) {
        return result;
    }
    let (x, scale) = tamed(z.re);
    bounded(complex(z.im.cos() * x.sinh() * scale, z.im.sin() * x.cosh() * scale))
}

/// An argument for `cosh` and `sinh` that does not overflow, and what to multiply by.
fn tamed(x: f64) -> (f64, f64) {
    if x.abs() > LOG_LARGE { (x - 1.0_f64.copysign(x), E) } else { (x, 1.0) }
}

/// `cmath.tanh`
///
/// # Errors
/// `ValueError` for an infinite imaginary part.
pub fn tanh(z: Complex) -> NumResult<Complex> {
    if z.re.is_infinite() && z.im.is_finite() && z.im != 0.0 {
        let im = 0.0_f64.copysign(2.0 * z.im.sin() * z.im.cos());
        return Ok(complex(1.0_f64.copysign(z.re), im));
    }
    if let Some(result) = special(z, &tables::TANH) {
        return result;
    }
    if z.re.abs() > LOG_LARGE {
        let im = 4.0 * z.im.sin() * z.im.cos() * (-2.0 * z.re.abs()).exp();
        return Ok(complex(1.0_f64.copysign(z.re), im));
    }
    let (tx, ty, cx) = (z.re.tanh(), z.im.tan(), 1.0 / z.re.cosh());
    let product = tx * ty;
    let denominator = 1.0 + product * product;
    Ok(complex(tx * (1.0 + ty * ty) / denominator, ty / denominator * cx * cx))
}

/// `cmath.cos`
///
/// # Errors
/// As [`cosh`].
pub fn cos(z: Complex) -> NumResult<Complex> {
    cosh(turned(z))
}

/// `cmath.sin`
///
/// # Errors
/// As [`sinh`].
pub fn sin(z: Complex) -> NumResult<Complex> {
    sinh(turned(z)).map(turned_back)
}

/// `cmath.tan`
///
/// # Errors
/// As [`tanh`].
pub fn tan(z: Complex) -> NumResult<Complex> {
    tanh(turned(z)).map(turned_back)
}

/// `cmath.log`, natural.
///
/// # Errors
/// `ValueError` at zero.
pub fn log(z: Complex) -> NumResult<Complex> {
    if let Some(result) = special(z, &tables::LOG) {
        return result;
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let re = if is_large(z) {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(domain_error());
        }
        ldexp(ax, 53).hypot(ldexp(ay, 53)).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            // Near the unit circle the logarithm is small: keep its digits.
            let (most, least) = if ax > ay { (ax, ay) } else { (ay, ax) };
            ((most - 1.0) * (most + 1.0) + least * least).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok(complex(re, z.im.atan2(z.re)))
}

/// `cmath.log10`
///
/// # Errors
/// `ValueError` at zero.
pub fn log10(z: Complex) -> NumResult<Complex> {
    let ln_10 = std::f64::consts::LN_10;
    log(z).map(|w| complex(w.re / ln_10, w.im / ln_10))
}

/// `cmath.rect`
///
/// # Errors
/// `ValueError` for an infinite angle of a length that is not zero.
pub fn rect(length: f64, angle: f64) -> NumResult<Complex> {
    if let Some(ray) = infinite_ray(length, angle) {
        return Ok(if length > 0.0 { ray } else { -ray });
    }
    if let Some(result) = special(complex(length, angle), &tables::RECT) {
        return result;
    }
    Ok(match angle == 0.0 {
        true => complex(length, length * angle),
        false => complex(length * angle.cos(), length * angle.sin()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn finite_points() {
        assert_eq!(sqrt(complex(-4.0, -0.0)), Ok(complex(0.0, -2.0)));
        // 2**-1074 * 16 is a perfect square among the subnormals.
        assert_eq!(sqrt(complex(ldexp(1.0, -1070), 0.0)), Ok(complex(ldexp(1.0, -535), 0.0)));
        assert_eq!(exp(complex(0.0, PI)), Ok(complex(-1.0, 1.2246467991473532e-16)));
        assert_eq!(log(complex(-1.0, 0.0)), Ok(complex(0.0, PI)));
        assert_eq!(acos(complex(2.0, 0.0)), Ok(complex(0.0, -1.3169578969248166)));
        assert_eq!(rect(2.0, 0.0), Ok(complex(2.0, 0.0)));
        assert_eq!(atanh(complex(1.0, 0.0)), Err(domain_error()));
        assert_eq!(log(complex(0.0, 0.0)), Err(domain_error()));
        assert_eq!(exp(complex(1000.0, 1.0)), Err(range_error()));
    }

    #[test]
    fn special_points() {
        assert_eq!(exp(complex(INF, 2.0)), Ok(complex(-INF, INF)));
        assert_eq!(exp(complex(-INF, INF)), Ok(complex(0.0, 0.0)));
        assert_eq!(cosh(complex(-INF, 1.0)), Ok(complex(INF, -INF)));
        assert_eq!(sinh(complex(0.0, INF)), Err(domain_error()));
        assert_eq!(acosh(complex(-INF, INF)), Ok(complex(INF, 3.0 * FRAC_PI_4)));
        assert_eq!(rect(-INF, 1.0), Ok(complex(-INF, -INF)));
        assert!(log(complex(f64::NAN, 0.0)).is_ok_and(|z| z.re.is_nan()));
    }
}
