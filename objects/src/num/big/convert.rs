//! Integers to and from floats and bytes, and quotients as floats.
//!
//! - Holds: every conversion to `f64` rounds to nearest, ties to even, exactly once.

use std::cmp::Ordering;

use dashu_int::{
    IBig, UBig,
    ops::{DivRem, UnsignedAbs},
};

use super::{BigInt, sign_of};
use crate::num::{NumError, NumResult, float::ldexp};

/// The order of bytes in `to_bytes` and `from_bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Lowest byte first.
    Little,
    /// Highest byte first.
    Big,
}

impl ByteOrder {
    /// Reads `'little'` or `'big'`.
    ///
    /// # Errors
    /// `ValueError` for anything else.
    pub fn parse(name: &str) -> NumResult<Self> {
        match name {
            "little" => Ok(Self::Little),
            "big" => Ok(Self::Big),
            _ => Err(NumError::value("byteorder must be either 'little' or 'big'")),
        }
    }
}

/// `mantissa` with a sticky low bit, times `2 ** exp`, rounded once to an `f64`.
/// `mantissa` must have at least 55 significant bits unless it is exact.
pub fn f64_from_u64_rounded(mantissa: u64, exp: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let bits = i64::from(64 - mantissa.leading_zeros());
    // Subnormal results keep fewer bits: drop the excess before the value becomes a float.
    let keep = (bits + exp + 1074).clamp(0, 53);
    let drop = bits - keep;
    let (kept, exp) = if drop <= 0 { (mantissa, exp) } else { round_off(mantissa, drop, exp) };
    #[expect(clippy::cast_precision_loss, reason = "at most 54 bits, the 54th only as 2**53")]
    let value = kept as f64;
    ldexp(value, exp)
}

fn round_off(mantissa: u64, drop: i64, exp: i64) -> (u64, i64) {
    let wide = u128::from(mantissa);
    let kept = wide >> drop;
    let rest = wide & ((1 << drop) - 1);
    let half = 1_u128 << (drop - 1);
    let up = rest > half || (rest == half && kept & 1 == 1);
    (u64::try_from(kept).unwrap_or(u64::MAX) + u64::from(up), exp + drop)
}

/// The top 64 bits of `magnitude` (the lowest of them sticky) and the exponent they carry.
fn top_bits(magnitude: &UBig) -> (u64, i64) {
    let words = magnitude.as_words();
    let (Some(&high), len) = (words.last(), words.len()) else { return (0, 0) };
    if len == 1 {
        return (high, 0);
    }
    let shift = high.leading_zeros();
    let below = words[len - 2];
    let lost_below = if shift == 0 { below } else { below << shift };
    let top = if shift == 0 { high } else { high << shift | below >> (64 - shift) };
    let sticky = lost_below != 0 || words[..len - 2].iter().any(|&word| word != 0);
    (top | u64::from(sticky), (len as i64 - 1) * 64 - i64::from(shift))
}

impl BigInt {
    /// The nearest `f64`, or `None` if it is too large.
    pub fn to_f64_checked(&self) -> Option<f64> {
        let (top, exp) = top_bits(&(&self.0).unsigned_abs());
        let value = f64_from_u64_rounded(top, exp);
        value.is_finite().then_some(if self.is_negative() { -value } else { value })
    }

    /// `float(self)`
    ///
    /// # Errors
    /// `OverflowError` if it is too large.
    pub fn to_f64(&self) -> NumResult<f64> {
        self.to_f64_checked().ok_or_else(|| NumError::overflow("int too large to convert to float"))
    }

    /// `(m, e)` with `self == m * 2**e` nearly, `0.5 <= abs(m) < 1`; `(0, 0)` for zero.
    pub fn frexp(&self) -> (f64, i64) {
        let (top, exp) = top_bits(&(&self.0).unsigned_abs());
        if top == 0 {
            return (0.0, 0);
        }
        let bits = i64::from(64 - top.leading_zeros());
        let mut mantissa = f64_from_u64_rounded(top, -bits);
        let mut exp = exp + bits;
        if mantissa == 1.0 {
            (mantissa, exp) = (0.5, exp + 1);
        }
        (if self.is_negative() { -mantissa } else { mantissa }, exp)
    }

    /// The integer part of a finite `value`; `None` for infinities and NaN.
    pub fn from_f64_trunc(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let (mantissa, exp, negative) = crate::num::float::decompose(value);
        let magnitude = if exp >= 0 {
            UBig::from(mantissa) << usize::try_from(exp).ok()?
        } else {
            UBig::from(mantissa.checked_shr(exp.unsigned_abs().try_into().ok()?).unwrap_or(0))
        };
        Some(Self(IBig::from_parts(sign_of(negative), magnitude)))
    }

    /// `int(value)`
    ///
    /// # Errors
    /// `OverflowError` for infinities, `ValueError` for NaN.
    pub fn from_f64(value: f64) -> NumResult<Self> {
        Self::from_f64_trunc(value).ok_or_else(|| match value.is_nan() {
            true => NumError::value("cannot convert float NaN to integer"),
            false => NumError::overflow("cannot convert float infinity to integer"),
        })
    }

    /// `self / other`, correctly rounded.
    ///
    /// # Errors
    /// `ZeroDivisionError`; `OverflowError` if the quotient is too large.
    pub fn true_div(&self, other: &Self) -> NumResult<f64> {
        if other.is_zero() {
            return Err(NumError::zero_division("division by zero"));
        }
        let negative = self.is_negative() != other.is_negative();
        if self.is_zero() {
            return Ok(if negative { -0.0 } else { 0.0 });
        }
        let too_large = || NumError::overflow("integer division result too large for a float");
        let a: UBig = (&self.0).unsigned_abs();
        let b: UBig = (&other.0).unsigned_abs();
        let (bits_a, bits_b) = (self.bit_length(), other.bit_length());
        // Scale so that the quotient has 63 or 64 bits: enough to round from, with a sticky bit.
        let shift = bits_b as i64 - bits_a as i64 + 63;
        if shift < -1100 {
            return Err(too_large());
        }
        if shift > 1300 {
            return Ok(if negative { -0.0 } else { 0.0 });
        }
        let (a, b) = match usize::try_from(shift) {
            Ok(up) => (a << up, b),
            Err(_) => (a, b << usize::try_from(-shift).unwrap_or(0)),
        };
        let (quotient, rest) = a.div_rem(b);
        let quotient = u64::try_from(&quotient).unwrap_or(u64::MAX);
        let value = f64_from_u64_rounded(quotient | u64::from(!rest.is_zero()), -shift);
        if value.is_infinite() {
            return Err(too_large());
        }
        Ok(if negative { -value } else { value })
    }

    /// Compares exactly with a float; `None` if `other` is NaN.
    pub fn cmp_f64(&self, other: f64) -> Option<Ordering> {
        if other.is_nan() {
            return None;
        }
        if other.is_infinite() {
            return Some(if other > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        let whole = Self::from_f64_trunc(other)?;
        let fraction = other.fract();
        Some(self.cmp(&whole).then(0.0.partial_cmp(&fraction)?))
    }

    /// `self.to_bytes(length, order, signed=signed)`
    ///
    /// # Errors
    /// `OverflowError` if it does not fit.
    pub fn to_bytes(&self, length: usize, order: ByteOrder, signed: bool) -> NumResult<Vec<u8>> {
        if self.is_negative() && !signed {
            return Err(NumError::overflow("can't convert negative int to unsigned"));
        }
        let too_big = || NumError::overflow("int too big to convert");
        // The bits needed besides a sign bit; -128 needs 7.
        let bits = if self.is_negative() { self.invert().bit_length() } else { self.bit_length() };
        let needed = bits + u64::from(signed && !(self.is_zero() && length == 0));
        if needed > (length as u64).saturating_mul(8) {
            return Err(too_big());
        }
        let fill = if self.is_negative() { 0xff } else { 0 };
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).map_err(|_| NumError::memory())?;
        // -1 - n has the complemented bits of n, so negatives need no carry.
        let source = if self.is_negative() { self.invert() } else { self.clone() };
        for limb in source.sign_limbs().1 {
            bytes.extend(limb.to_le_bytes().iter().map(|byte| byte ^ fill));
        }
        bytes.resize(length, fill);
        if order == ByteOrder::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// `int.from_bytes(bytes, order, signed=signed)`
    pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Self {
        let magnitude = match order {
            ByteOrder::Little => UBig::from_le_bytes(bytes),
            ByteOrder::Big => UBig::from_be_bytes(bytes),
        };
        let top = match order {
            ByteOrder::Little => bytes.last(),
            ByteOrder::Big => bytes.first(),
        };
        let value = IBig::from(magnitude);
        if signed && top.is_some_and(|&byte| byte & 0x80 != 0) {
            return Self(value - (IBig::ONE << (bytes.len() * 8)));
        }
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pow2(n: usize) -> BigInt {
        BigInt(IBig::ONE << n)
    }

    #[test]
    fn floats_round_half_even_once() {
        let f = |n: i128| BigInt::from(n).to_f64();
        assert_eq!(f((1 << 53) + 1), Ok(9007199254740992.0));
        assert_eq!(f((1 << 53) + 3), Ok(9007199254740996.0));
        assert_eq!(f(-(1 << 64)), Ok(-18446744073709551616.0));
        assert_eq!(f((1 << 100) + (1 << 47) + 1), Ok(1.2676506002282297e30));
        assert_eq!(f(u64::MAX.into()), Ok(1.8446744073709552e19));
        assert!(pow2(1024).to_f64().is_err());
        assert!(pow2(1024).sub(&pow2(970)).to_f64().is_err());
        assert_eq!(pow2(1024).sub(&pow2(970)).sub(&1.into()).to_f64(), Ok(f64::MAX));
        assert_eq!(pow2(1023).to_f64(), Ok(8.98846567431158e307));
    }

    #[test]
    fn quotients_are_correctly_rounded() {
        let d = |a: &BigInt, b: &BigInt| a.true_div(b);
        assert_eq!(d(&1.into(), &3.into()), Ok(1.0 / 3.0));
        assert_eq!(d(&(-1).into(), &3.into()), Ok(-1.0 / 3.0));
        assert_eq!(d(&pow2(2000), &pow2(1990)), Ok(1024.0));
        assert_eq!(d(&1.into(), &pow2(1074)), Ok(5e-324));
        assert_eq!(d(&1.into(), &pow2(1075)), Ok(0.0));
        assert_eq!(d(&3.into(), &pow2(1075)), Ok(1e-323));
        assert_eq!(d(&3.into(), &pow2(1076)), Ok(5e-324));
        assert!(d(&pow2(1024), &1.into()).is_err());
        assert!(d(&1.into(), &0.into()).is_err());
        let ten = BigInt::from(10);
        let a = ten.pow(&400.into()).expect("small");
        let b = ten.pow(&399.into()).expect("small");
        assert_eq!(d(&a, &b), Ok(10.0));
        assert_eq!(d(&3.into(), &a), Ok(0.0));
    }

    #[test]
    fn comparison_with_floats_is_exact() {
        let n = BigInt::from((1_i64 << 53) + 1);
        assert_eq!(n.cmp_f64(9007199254740992.0), Some(Ordering::Greater));
        assert_eq!(BigInt::from(2).cmp_f64(2.5), Some(Ordering::Less));
        assert_eq!(BigInt::from(-2).cmp_f64(-2.5), Some(Ordering::Greater));
        assert_eq!(BigInt::from(2).cmp_f64(f64::NAN), None);
        assert_eq!(pow2(2000).cmp_f64(f64::INFINITY), Some(Ordering::Less));
    }

    #[test]
    fn bytes_both_ways() {
        for (n, len, signed) in [
            (0, 0, false),
            (0, 0, true),
            (255, 1, false),
            (-128, 1, true),
            (127, 1, true),
            (-1, 3, true),
            (65535, 4, false),
            (-300, 2, true),
        ] {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                let big = BigInt::from(n);
                let bytes = big.to_bytes(len, order, signed).expect("fits");
                assert_eq!(BigInt::from_bytes(&bytes, order, signed), big);
            }
        }
        assert!(BigInt::from(128).to_bytes(1, ByteOrder::Big, true).is_err());
        assert!(BigInt::from(-129).to_bytes(1, ByteOrder::Big, true).is_err());
        assert!(BigInt::from(1).to_bytes(0, ByteOrder::Big, false).is_err());
        assert_eq!(BigInt::from(-5).to_bytes(9, ByteOrder::Little, true).map(|b| b[8]), Ok(255));
    }

    #[test]
    fn mantissa_and_exponent() {
        assert_eq!(pow2(5000).frexp(), (0.5, 5001));
        assert_eq!(pow2(100).sub(&1.into()).frexp(), (0.5, 101));
        assert_eq!(BigInt::from(-3).frexp(), (-0.75, 2));
    }

    #[test]
    fn from_floats() {
        assert_eq!(BigInt::from_f64(-2.9), Ok((-2).into()));
        assert_eq!(BigInt::from_f64(1e22), Ok(10_000_000_000_000_000_000_000_u128.into()));
        assert_eq!(BigInt::from_f64(5e-324), Ok(0.into()));
        assert!(BigInt::from_f64(f64::INFINITY).is_err());
    }
}
