//! Ring operations, floor division, powers, shifts and bit operations.
//!
//! - Holds: results past [`MAX_BITS`] are `MemoryError`, found before anything is allocated.

use dashu_int::{
    IBig, UBig,
    fast_div::ConstDivisor,
    ops::{DivRem, ExtendedGcd, UnsignedAbs},
};

use super::{BigInt, MAX_BITS, sign_of};
use crate::num::{NumError, NumResult};

/// `a // b` rounded down; `None` if the quotient overflows. `b` must not be zero.
#[inline]
pub fn floor_div_i64(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// `a % b` with the sign of `b`; 0 if `b` is zero (callers check first).
#[inline]
pub fn floor_mod_i64(a: i64, b: i64) -> i64 {
    let rest = a.checked_rem(b).unwrap_or(0);
    if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
}

/// `base ** exp % modulus` for a modulus above zero that fits 32 bits and `exp >= 0`.
pub fn mod_pow_i64(base: i64, mut exp: u64, modulus: u32) -> i64 {
    let m = u64::from(modulus);
    if m <= 1 {
        return 0;
    }
    let mut square = base.rem_euclid(i64::from(modulus)).unsigned_abs();
    let mut result = 1_u64;
    while exp > 0 {
        if exp & 1 == 1 {
            result = result * square % m;
        }
        square = square * square % m;
        exp >>= 1;
    }
    i64::from(u32::try_from(result).unwrap_or(0))
}

impl BigInt {
    /// `self + other`
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// `self - other`
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// `self * other`
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }

    /// `-self`
    #[must_use]
    pub fn neg(&self) -> Self {
        Self(-&self.0)
    }

    /// `~self`
    #[must_use]
    pub fn invert(&self) -> Self {
        Self(!&self.0)
    }

    /// `(self // other, self % other)`
    ///
    /// # Errors
    /// `ZeroDivisionError` if `other` is zero.
    pub fn div_mod(&self, other: &Self) -> NumResult<(Self, Self)> {
        if other.is_zero() {
            return Err(NumError::zero_division("division by zero"));
        }
        let (mut quotient, mut rest) = (&self.0).div_rem(&other.0);
        if !rest.is_zero() && rest.sign() != other.0.sign() {
            quotient -= IBig::ONE;
            rest += &other.0;
        }
        Ok((Self(quotient), Self(rest)))
    }

    /// `self // other`
    ///
    /// # Errors
    /// `ZeroDivisionError` if `other` is zero.
    pub fn floor_div(&self, other: &Self) -> NumResult<Self> {
        self.div_mod(other).map(|(quotient, _)| quotient)
    }

    /// `self % other`, with the sign of `other`.
    ///
    /// # Errors
    /// `ZeroDivisionError` if `other` is zero.
    pub fn modulo(&self, other: &Self) -> NumResult<Self> {
        if other.is_zero() {
            return Err(NumError::zero_division("division by zero"));
        }
        let mut rest = &self.0 % &other.0;
        if !rest.is_zero() && rest.sign() != other.0.sign() {
            rest += &other.0;
        }
        Ok(Self(rest))
    }

    /// The quotient rounded to nearest (ties to even) and the matching remainder.
    ///
    /// # Errors
    /// `ZeroDivisionError` if `other` is zero.
    pub fn div_mod_near(&self, other: &Self) -> NumResult<(Self, Self)> {
        let (quotient, rest) = self.div_mod(other)?;
        let twice = Self(&rest.0 << 1);
        let up = match twice.cmp_abs(other) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => quotient.is_odd(),
            std::cmp::Ordering::Less => false,
        };
        if up {
            return Ok((Self(quotient.0 + IBig::ONE), rest.sub(other)));
        }
        Ok((quotient, rest))
    }

    /// `self ** exp` for `exp >= 0` (a negative exponent makes a float: the caller's business).
    ///
    /// # Errors
    /// `MemoryError` if the result would exceed [`MAX_BITS`].
    pub fn pow(&self, exp: &Self) -> NumResult<Self> {
        if exp.is_zero() {
            return Ok(Self::one());
        }
        if self.cmp_abs(&Self::one()).is_le() {
            return Ok(if exp.is_odd() { self.clone() } else { self.abs() });
        }
        let exp = exp.to_usize().ok_or_else(NumError::memory)?;
        let bits = (self.bit_length() - 1).checked_mul(exp as u64);
        if bits.is_none_or(|bits| bits > MAX_BITS) {
            return Err(NumError::memory());
        }
        Ok(Self(self.0.pow(exp)))
    }

    /// `pow(self, exp, modulus)`; a negative `exp` inverts first.
    ///
    /// # Errors
    /// `ValueError` if `modulus` is zero, or if an inverse is needed and there is none.
    pub fn mod_pow(&self, exp: &Self, modulus: &Self) -> NumResult<Self> {
        if modulus.is_zero() {
            return Err(NumError::value("pow() 3rd argument cannot be 0"));
        }
        let ring: UBig = (&modulus.0).unsigned_abs();
        if ring.is_one() {
            return Ok(Self::zero());
        }
        let base = match exp.is_negative() {
            true => self.inverse_mod(&ring)?,
            false => self.modulo(&Self(IBig::from(ring.clone())))?,
        };
        // The ring takes only values it has reduced already: larger ones trip its division.
        let divisor = ConstDivisor::new(ring);
        let power = divisor.reduce(base.0).pow(&(&exp.0).unsigned_abs());
        let result = IBig::from(power.residue());
        Ok(Self(match modulus.is_negative() && !result.is_zero() {
            true => result + &modulus.0,
            false => result,
        }))
    }

    fn inverse_mod(&self, ring: &UBig) -> NumResult<Self> {
        let not_invertible = || NumError::value("base is not invertible for the given modulus");
        let reduced = self.modulo(&Self(IBig::from(ring.clone())))?;
        if reduced.is_zero() {
            return Err(not_invertible());
        }
        let (gcd, inverse, _) = reduced.0.gcd_ext(IBig::from(ring.clone()));
        if !gcd.is_one() {
            return Err(not_invertible());
        }
        Self(inverse).modulo(&Self(IBig::from(ring.clone())))
    }

    /// `self << count`
    ///
    /// # Errors
    /// `ValueError` if `count` is negative; `MemoryError` or `OverflowError` if the result is too large.
    pub fn shl(&self, count: &Self) -> NumResult<Self> {
        if count.is_negative() {
            return Err(NumError::value("negative shift count"));
        }
        if self.is_zero() {
            return Ok(Self::zero());
        }
        match count.to_usize() {
            Some(n) if isize::try_from(n).is_ok() => self.shl_usize(n),
            _ => Err(NumError::overflow("too many digits in integer")),
        }
    }

    /// `self << count`
    ///
    /// # Errors
    /// `MemoryError` if the result is too large.
    pub fn shl_usize(&self, count: usize) -> NumResult<Self> {
        if !self.is_zero() && (count as u64).saturating_add(self.bit_length()) > MAX_BITS {
            return Err(NumError::memory());
        }
        Ok(Self(&self.0 << count))
    }

    /// `self >> count`, rounding down.
    ///
    /// # Errors
    /// `ValueError` if `count` is negative.
    pub fn shr(&self, count: &Self) -> NumResult<Self> {
        if count.is_negative() {
            return Err(NumError::value("negative shift count"));
        }
        Ok(self.shr_usize(count.to_usize().unwrap_or(usize::MAX)))
    }

    /// `self >> count`, rounding down.
    #[must_use]
    pub fn shr_usize(&self, count: usize) -> Self {
        if count as u64 >= self.bit_length() {
            return Self::from(if self.is_negative() { -1 } else { 0 });
        }
        Self(&self.0 >> count)
    }

    /// `self & other` on two's complement.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(&self.0 & &other.0)
    }

    /// `self | other` on two's complement.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self(&self.0 | &other.0)
    }

    /// `self ^ other` on two's complement.
    #[must_use]
    pub fn xor(&self, other: &Self) -> Self {
        Self(&self.0 ^ &other.0)
    }

    /// The same magnitude with the given sign.
    #[must_use]
    pub fn with_sign(self, negative: bool) -> Self {
        Self(IBig::from_parts(sign_of(negative), self.0.unsigned_abs()))
    }

    /// `round(self, ndigits)`: to a multiple of `10 ** -ndigits`, ties to even.
    ///
    /// # Errors
    /// `MemoryError` for an absurdly negative `ndigits`.
    pub fn round_digits(&self, ndigits: &Self) -> NumResult<Self> {
        if !ndigits.is_negative() {
            return Ok(self.clone());
        }
        // Far past the number of digits the answer is zero; no need for the power.
        if ndigits.abs().to_u64().is_none_or(|n| n > self.bit_length() / 3 + 2) {
            return Ok(Self::zero());
        }
        let unit = Self::from(10).pow(&ndigits.neg())?;
        let (_, rest) = self.div_mod_near(&unit)?;
        Ok(self.sub(&rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        BigInt::from_decimal(text).expect("test number")
    }

    #[test]
    fn division_rounds_down() {
        for (a, b, q, r) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1)] {
            let got = BigInt::from(a).div_mod(&BigInt::from(b)).expect("b is not zero");
            assert_eq!(got, (BigInt::from(q), BigInt::from(r)));
            assert_eq!(floor_div_i64(a.into(), b.into()), Some(q.into()));
            assert_eq!(floor_mod_i64(a.into(), b.into()), i64::from(r));
        }
        assert_eq!(floor_div_i64(i64::MIN, -1), None);
        assert_eq!(floor_mod_i64(i64::MIN, -1), 0);
        assert_eq!(BigInt::one().modulo(&BigInt::zero()).unwrap_err().text, "division by zero");
    }

    #[test]
    fn modular_powers() {
        let p = |b: i64, e: i64, m: i64| BigInt::from(b).mod_pow(&e.into(), &m.into());
        assert_eq!(p(2, -3, 7), Ok(1.into()));
        assert_eq!(p(2, 5, -7), Ok((-3).into()));
        assert_eq!(p(0, -1, 1), Ok(0.into()));
        assert_eq!(p(5, 0, -1), Ok(0.into()));
        assert_eq!(p(2, -1, 4).unwrap_err().text, "base is not invertible for the given modulus");
        assert!(p(0, -1, 5).is_err());
        assert_eq!(p(2, 3, 0).unwrap_err().text, "pow() 3rd argument cannot be 0");
        assert_eq!(mod_pow_i64(-3, 5, 7), 2);
        // A base far larger than a modulus of one, two and three words.
        let wide = big("123456789012345678901234567890").pow(&9.into()).expect("small");
        for modulus in [1_i128 << 61, (1 << 90) + 7, i128::MAX] {
            let modulus = BigInt::from(modulus);
            assert_eq!(wide.mod_pow(&1.into(), &modulus), wide.modulo(&modulus));
        }
        let m = big("1000000000000000000000000000057");
        let got = big("123456789012345678901234567890").mod_pow(&big("98765432109876543210"), &m);
        assert_eq!(got, Ok(big("327455648218123532448608791417")));
    }

    #[test]
    fn powers_and_shifts_are_bounded() {
        let huge = big("1180591620717411303424");
        let too_many = NumError::overflow("too many digits in integer");
        assert_eq!(BigInt::one().shl(&huge), Err(too_many));
        assert_eq!(BigInt::one().shl(&(1_i64 << 50).into()), Err(NumError::memory()));
        assert_eq!(BigInt::zero().shl(&huge), Ok(BigInt::zero()));
        assert_eq!(BigInt::from(-5).shr(&huge), Ok((-1).into()));
        assert_eq!(BigInt::from(-5).shr(&1.into()), Ok((-3).into()));
        assert_eq!(BigInt::from(2).pow(&huge), Err(NumError::memory()));
        assert_eq!(BigInt::from(-1).pow(&huge), Ok(1.into()));
        assert_eq!(BigInt::from(-2).pow(&3.into()), Ok((-8).into()));
    }

    #[test]
    fn rounding_ties_to_even() {
        for (n, digits, want) in [
            (25, -1, 20),
            (35, -1, 40),
            (-25, -1, -20),
            (149, -2, 100),
            (5, -1, 0),
            (7, -3, 0),
            (9, 2, 9),
        ] {
            assert_eq!(BigInt::from(n).round_digits(&digits.into()), Ok(want.into()));
        }
    }
}
