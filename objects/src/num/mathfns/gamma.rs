//! The gamma function and its logarithm, the error function and its complement.
//!
//! # Source
//! Lanczos's approximation with g = 6.0246800407767296 and 13 terms, as published with the Boost
//! libraries; relative error below 1e-15 over the whole range.

use std::f64::consts::PI;

use super::{expected, range_error};
use crate::num::NumResult;

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;
const LN_PI: f64 = 1.144729885849400174143427351353058711647;

/// Numerator and denominator of the approximation, lowest power first.
#[expect(clippy::excessive_precision, reason = "the published digits")]
const TERMS: [(f64, f64); 13] = [
    (23531376880.410759688572007674451636754734846804940, 0.0),
    (42919803642.649098768957899047001988850926355848959, 39916800.0),
    (35711959237.355668049440185451547166705960488635843, 120543840.0),
    (17921034426.037209699919755754458931112671403265390, 150917976.0),
    (6039542586.3520280050642916443072979210699388420708, 105258076.0),
    (1439720407.3117216736632230727949123939715485786372, 45995730.0),
    (248874557.86205415651146038641322942321632125127801, 13339535.0),
    (31426415.585400194380614231628318205362874684987640, 2637558.0),
    (2876370.6289353724412254090516208496135991145378768, 357423.0),
    (186056.26539522349504029498971604569928220784236328, 32670.0),
    (8071.6720023658162106380029022722506138218516325024, 1925.0),
    (210.82427775157934587250973392071336271166969580291, 66.0),
    (2.5066282746310002701649081771338373386264310793408, 1.0),
];

/// The rational sum at `x > 0`; large arguments are expanded in `1/x` so that nothing overflows.
fn lanczos_sum(x: f64) -> f64 {
    let mut num = 0.0;
    let mut den = 0.0;
    if x < 5.0 {
        for (n, d) in TERMS.iter().rev() {
            num = num * x + n;
            den = den * x + d;
        }
    } else {
        for (n, d) in &TERMS {
            num = num / x + n;
            den = den / x + d;
        }
    }
    num / den
}

/// `sin(pi * x)`, exact at multiples of one half.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let result = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1.0_f64.copysign(x) * result
}

fn pole(x: f64) -> crate::num::NumError {
    expected("a noninteger or positive integer", x)
}

/// `math.gamma`
///
/// # Errors
/// `ValueError` at the poles and minus infinity, `OverflowError`.
pub fn gamma(x: f64) -> NumResult<f64> {
    if x.is_nan() || x == f64::INFINITY {
        return Ok(x);
    }
    if x == f64::NEG_INFINITY || x == 0.0 {
        return Err(pole(x));
    }
    if x == x.floor() {
        if x < 0.0 {
            return Err(pole(x));
        }
        if x <= 23.0 {
            return Ok((1..x as u64).map(|n| n as f64).product());
        }
    }
    let result = gamma_finite(x);
    if result.is_infinite() { Err(range_error()) } else { Ok(result) }
}

fn gamma_finite(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return 1.0 / x;
    }
    if magnitude > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = magnitude + G_MINUS_HALF;
    // What rounding took from `y`, to correct the result by.
    let lost = if magnitude > G_MINUS_HALF {
        (y - magnitude) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - magnitude
    };
    let correction = lost * G / y;
    let two_steps = magnitude >= 140.0;
    let power = y.powf(if two_steps { magnitude / 2.0 - 0.25 } else { magnitude - 0.5 });
    let times = if two_steps { 2 } else { 1 };
    if x < 0.0 {
        let mut result = -PI / sin_pi(magnitude) / magnitude * y.exp() / lanczos_sum(magnitude);
        result -= correction * result;
        (0..times).fold(result, |r, _| r / power)
    } else {
        let mut result = lanczos_sum(magnitude) / y.exp();
        result += correction * result;
        (0..times).fold(result, |r, _| r * power)
    }
}

/// `math.lgamma`
///
/// # Errors
/// `ValueError` at the poles, `OverflowError`.
pub fn lgamma(x: f64) -> NumResult<f64> {
    if !x.is_finite() {
        return Ok(x.abs());
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(pole(x)) } else { Ok(0.0) };
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Ok(-magnitude.ln());
    }
    let mut result = lanczos_sum(magnitude).ln() - G;
    result += (magnitude - 0.5) * ((magnitude + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        result = LN_PI - sin_pi(magnitude).abs().ln() - magnitude.ln() - result;
    }
    if result.is_infinite() { Err(range_error()) } else { Ok(result) }
}

/// `math.erf`
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// `math.erfc`
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_matches() {
        for (x, want) in [
            (0.5, 1.7724538509055159),
            (5.0, 24.0),
            (23.0, 1.1240007277776077e21),
            (-1.5, 2.3632718012073544),
            (170.5, 5.56209241456e305),
            (1e-5, 99999.42279422554),
            (-170.3, -1.1449279983878118e-307),
        ] {
            assert_eq!(gamma(x), Ok(want), "gamma({x})");
        }
        assert_eq!(
            gamma(-0.0).unwrap_err().text,
            "expected a noninteger or positive integer, got -0.0"
        );
        assert_eq!(gamma(200.0).unwrap_err().text, "math range error");
        assert!(gamma(f64::NEG_INFINITY).is_err());
    }

    #[test]
    fn lgamma_matches() {
        for (x, want) in [
            (0.5, 0.5723649429247004),
            (10.0, 12.801827480081467),
            (-1.5, 0.8600470153764812),
            (1e300, 6.897755278982137e302),
            (7.0, 6.579251212010102),
        ] {
            assert_eq!(lgamma(x), Ok(want), "lgamma({x})");
        }
        assert_eq!(lgamma(f64::NEG_INFINITY), Ok(f64::INFINITY));
        assert_eq!(lgamma(1e306).unwrap_err().text, "math range error");
        assert!(lgamma(-1.0).is_err());
    }

    #[test]
    fn error_function() {
        assert_eq!(erf(0.5), 0.5204998778130465);
        // The complement is within one unit in the last place of the C library's.
        assert!((erfc(2.0) - 0.004677734981047265).abs() <= 1e-18);
        assert_eq!(erf(f64::NEG_INFINITY), -1.0);
    }
}
