//! Vector lengths to within one unit in the last place: `hypot` with any number of coordinates.
//!
//! # Source
//! Squares are split exactly (Dekker 1971, with a fused multiply-add) and summed with
//! compensation; one Newton step corrects the root. The scale is a power of two, so it is exact.

use super::super::float::{frexp, ldexp};

/// An unevaluated sum: `hi` rounded, `lo` what rounding took away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Double {
    /// The rounded value.
    pub hi: f64,
    /// The error of `hi`.
    pub lo: f64,
}

/// `a + b` exactly, for `abs(a) >= abs(b)`.
pub fn fast_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double { hi, lo: (a - hi) + b }
}

/// `a + b` exactly.
pub fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let b_seen = hi - a;
    Double { hi, lo: (a - (hi - b_seen)) + (b - b_seen) }
}

/// `a * b` exactly.
pub fn two_product(a: f64, b: f64) -> Double {
    let hi = a * b;
    Double { hi, lo: a.mul_add(b, -hi) }
}

/// The Euclidean length of `coordinates`. Infinite if any is, even beside NaN.
pub fn norm(coordinates: &[f64]) -> f64 {
    let max = coordinates.iter().fold(0.0_f64, |max, x| if x.abs() > max { x.abs() } else { max });
    if max.is_infinite() {
        return max;
    }
    if coordinates.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if max == 0.0 || coordinates.len() == 1 {
        return max;
    }
    let (_, exp) = frexp(max);
    if exp < -1023 {
        // The scale itself would overflow.
        let raised: Vec<f64> = coordinates.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * norm(&raised);
    }
    scaled_norm(coordinates, ldexp(1.0, -i64::from(exp)))
}

fn scaled_norm(coordinates: &[f64], scale: f64) -> f64 {
    // Starting at one keeps every partial sum larger than the next square.
    let mut sum = 1.0;
    let mut low_products = 0.0;
    let mut low_sums = 0.0;
    let mut add = |square: Double| {
        let next = fast_sum(sum, square.hi);
        sum = next.hi;
        low_products += square.lo;
        low_sums += next.lo;
        sum - 1.0 + (low_products + low_sums)
    };
    let mut total = 0.0;
    for x in coordinates {
        let x = x.abs() * scale;
        total = add(two_product(x, x));
    }
    let root = total.sqrt();
    let rest = add(two_product(-root, root));
    (root + rest / (2.0 * root)) / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        assert_eq!(norm(&[3.0, 4.0]), 5.0);
        assert_eq!(norm(&[]), 0.0);
        assert_eq!(norm(&[-2.5]), 2.5);
        assert_eq!(norm(&[1e308, 1e308]), 1.4142135623730951e308);
        assert_eq!(norm(&[5e-324, 5e-324, 5e-324, 5e-324]), 1e-323);
        assert_eq!(norm(&[f64::NAN, f64::NEG_INFINITY]), f64::INFINITY);
        assert!(norm(&[f64::NAN, 1.0]).is_nan());
        assert_eq!(norm(&[0.1, 0.2, 0.3]), 0.3741657386773941);
    }
}
