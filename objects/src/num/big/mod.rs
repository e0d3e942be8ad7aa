//! Integers of any size with Python's semantics: a newtype over `dashu_int::IBig`.
//!
//! The newtype is the only place that names `dashu_int`, so the library behind it can change.
//! Values of up to 128 bits live on the stack. Results are bounded by [`MAX_BITS`]; past it
//! operations answer `MemoryError` instead of asking the allocator for the impossible.
//!
//! - [`arith`](self): division, powers, shifts, bits. [`convert`](self): floats and bytes.
//! - [`text`]: parsing and printing. [`theory`]: gcd, roots, binomials.

mod arith;
mod convert;
pub mod text;
pub mod theory;

use std::{cmp::Ordering, fmt};

use dashu_int::{
    IBig, Sign,
    ops::{BitTest, UnsignedAbs},
};

pub use arith::{floor_div_i64, floor_mod_i64, mod_pow_i64};
pub use convert::{ByteOrder, f64_from_u64_rounded};

/// Results with more bits than this (2 GiB of limbs) are refused with `MemoryError`.
pub const MAX_BITS: u64 = 1 << 34;

/// An integer of any size.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct BigInt(pub(crate) IBig);

impl BigInt {
    /// Zero.
    pub fn zero() -> Self {
        Self(IBig::ZERO)
    }

    /// One.
    pub fn one() -> Self {
        Self(IBig::ONE)
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Sign::Negative
    }

    /// Whether it is odd.
    pub fn is_odd(&self) -> bool {
        self.0.bit(0)
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match (self.is_zero(), self.is_negative()) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        }
    }

    /// Its value as `i64`, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(&self.0).ok()
    }

    /// Its value as `u64`, if it fits.
    pub fn to_u64(&self) -> Option<u64> {
        u64::try_from(&self.0).ok()
    }

    /// Its value as `usize`, if it fits.
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(&self.0).ok()
    }

    /// Its value as `i64`, or the nearest `i64` if it does not fit.
    pub fn to_i64_clamped(&self) -> i64 {
        self.to_i64().unwrap_or(if self.is_negative() { i64::MIN } else { i64::MAX })
    }

    /// The low 64 bits of its two's complement form.
    pub fn low_u64(&self) -> u64 {
        let (sign, words) = self.0.as_sign_words();
        let low = words.first().copied().unwrap_or(0);
        if sign == Sign::Negative { low.wrapping_neg() } else { low }
    }

    /// Its sign and the 64-bit limbs of its magnitude, lowest first, without leading zeros.
    /// Zero has no limbs.
    pub fn sign_limbs(&self) -> (bool, &[u64]) {
        let (sign, words) = self.0.as_sign_words();
        (sign == Sign::Negative, words)
    }

    /// The integer with this sign and these limbs, lowest first.
    pub fn from_sign_limbs(negative: bool, limbs: &[u64]) -> Self {
        Self(IBig::from_sign_words(sign_of(negative), limbs))
    }

    /// The number of bits of the magnitude; 0 for zero.
    pub fn bit_length(&self) -> u64 {
        let (_, limbs) = self.sign_limbs();
        match limbs.last() {
            Some(top) => limbs.len() as u64 * 64 - u64::from(top.leading_zeros()),
            None => 0,
        }
    }

    /// The number of ones in the magnitude.
    pub fn bit_count(&self) -> u64 {
        self.sign_limbs().1.iter().map(|limb| u64::from(limb.count_ones())).sum()
    }

    /// The number of zero bits below the lowest one; `None` for zero.
    pub fn trailing_zeros(&self) -> Option<u64> {
        self.0.trailing_zeros().map(|n| n as u64)
    }

    /// The magnitude.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self(IBig::from((&self.0).unsigned_abs()))
    }

    /// Compares the magnitudes.
    pub fn cmp_abs(&self, other: &Self) -> Ordering {
        let (a, b) = (self.sign_limbs().1, other.sign_limbs().1);
        a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
    }
}

/// `dashu`'s sign for a negative (or not) number.
pub(crate) fn sign_of(negative: bool) -> Sign {
    if negative { Sign::Negative } else { Sign::Positive }
}

macro_rules! from_primitive {
    ($($t:ty)*) => { $(
        impl From<$t> for BigInt {
            fn from(n: $t) -> Self {
                Self(IBig::from(n))
            }
        }
    )* };
}
from_primitive!(i32 u32 i64 u64 i128 u128 usize isize);

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limbs_round_trip() {
        for n in [0_i128, 1, -1, 1 << 64, -(1 << 100), i128::MAX] {
            let big = BigInt::from(n);
            let (negative, limbs) = big.sign_limbs();
            assert_eq!(BigInt::from_sign_limbs(negative, limbs), big);
        }
        assert!(BigInt::zero().sign_limbs().1.is_empty());
    }

    #[test]
    fn low_bits_are_twos_complement() {
        assert_eq!(BigInt::from(-1).low_u64(), u64::MAX);
        assert_eq!(BigInt::from(-(1_i128 << 64)).low_u64(), 0);
        assert_eq!(BigInt::from((7_i128 << 64) + 5).low_u64(), 5);
    }

    #[test]
    fn bits_are_counted_in_the_magnitude() {
        assert_eq!(BigInt::from(-255).bit_length(), 8);
        assert_eq!(BigInt::from(-255).bit_count(), 8);
        assert_eq!(BigInt::from(1_i128 << 90).bit_length(), 91);
        assert_eq!(BigInt::zero().bit_length(), 0);
    }
}
