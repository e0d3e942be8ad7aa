//! Hashes of numbers: equal numbers of any type hash the same.
//!
//! The hash of `n / d` is `n * d**-1` modulo the prime `2**61 - 1`, with the sign of the number;
//! -1 is replaced by -2 because the C interface reserves it and programs can see that.

use super::{big::BigInt, float::frexp};

/// `sys.hash_info.width` minus the headroom: the modulus is `2**61 - 1`.
const BITS: u32 = 61;
/// The modulus.
pub const MODULUS: u64 = (1 << BITS) - 1;
/// The hash of positive infinity.
pub const INF: i64 = 314_159;
/// Weight of the imaginary part in a complex number's hash.
pub const IMAG: i64 = 1_000_003;

/// `hash(n)` of an `i64`.
#[inline]
pub fn hash_i64(n: i64) -> i64 {
    finish(n.unsigned_abs() % MODULUS, n < 0)
}

/// `hash(n)`
pub fn hash_big(n: &BigInt) -> i64 {
    let (negative, limbs) = n.sign_limbs();
    let folded = limbs.iter().rev().fold(0_u64, |hash, &limb| {
        let wide = u128::from(hash) << 64 | u128::from(limb);
        u64::try_from(wide % u128::from(MODULUS)).unwrap_or(0)
    });
    finish(folded, negative)
}

/// `hash(value)`; NaN, which CPython hashes by identity, gets a hash from its bits.
pub fn hash_f64(value: f64) -> i64 {
    if value.is_infinite() {
        return if value > 0.0 { INF } else { -INF };
    }
    if value.is_nan() {
        return (value.to_bits() >> 4) as i64;
    }
    let whole = value as i64;
    if whole as f64 == value && whole.unsigned_abs() < MODULUS {
        return hash_i64(whole);
    }
    let (mantissa, exp) = frexp(value.abs());
    // A 53-bit whole number times a power of two; 2**61 is 1 in this ring.
    let whole = (mantissa * 9_007_199_254_740_992.0) as u64;
    let turn = (i64::from(exp) - 53).rem_euclid(i64::from(BITS)) as u32;
    finish(rotate(whole % MODULUS, turn), value < 0.0)
}

/// `hash(complex(re, im))`
pub fn hash_complex(re: f64, im: f64) -> i64 {
    let hash = hash_f64(re).wrapping_add(hash_f64(im).wrapping_mul(IMAG));
    if hash == -1 { -2 } else { hash }
}

/// `n * 2**turn` modulo the modulus.
fn rotate(n: u64, turn: u32) -> u64 {
    (n << turn & MODULUS) | n.checked_shr(BITS - turn).unwrap_or(0)
}

fn finish(magnitude: u64, negative: bool) -> i64 {
    let hash = i64::try_from(magnitude).unwrap_or(0);
    match if negative { -hash } else { hash } {
        -1 => -2,
        hash => hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_as_cpython() {
        assert_eq!(hash_i64(-1), -2);
        assert_eq!(hash_i64((1 << 61) - 1), 0);
        assert_eq!(hash_i64(i64::MIN), -4);
        assert_eq!(hash_big(&BigInt::from(10).pow(&50.into()).expect("small")), 619332571178673746);
        assert_eq!(hash_f64(0.1), 230584300921369408);
        assert_eq!(hash_f64(-1.5), -1152921504606846977);
        assert_eq!(hash_f64(1e100), 1822893315824342674);
        assert_eq!(hash_f64(5e-324), 16777216);
        assert_eq!(hash_f64(f64::NEG_INFINITY), -314159);
        assert_eq!(hash_complex(1.0, 2.0), 2000007);
        assert_eq!(hash_complex(-1000004.0, 1.0), -2);
    }

    #[test]
    fn equal_numbers_hash_the_same() {
        for n in [0_i64, 1, -7, 1 << 52, -(1 << 60), 1 << 62] {
            assert_eq!(hash_i64(n), hash_f64(n as f64));
            assert_eq!(hash_i64(n), hash_big(&n.into()));
        }
    }
}
