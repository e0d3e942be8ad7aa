//! Number theory: gcd and lcm, integer roots, factorials, binomials.

use dashu_int::{
    IBig, UBig,
    ops::{Gcd, SquareRoot, UnsignedAbs},
};

use super::{BigInt, MAX_BITS};
use crate::num::{NumError, NumResult};

/// The greatest common divisor of two machine integers.
#[inline]
pub fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
    }
    a << twos
}

/// `floor(sqrt(n))`
pub fn isqrt_u64(n: u64) -> u64 {
    n.isqrt()
}

/// `n!`
///
/// # Errors
/// `ValueError` below zero, `OverflowError` past `i64`, `MemoryError` if the result is too large.
pub fn factorial(n: &BigInt) -> NumResult<BigInt> {
    if n.is_negative() {
        return Err(NumError::value("factorial() not defined for negative values"));
    }
    let n = n.to_i64().ok_or_else(|| {
        NumError::overflow(format!("factorial() argument should not exceed {}", i64::MAX))
    })?;
    falling_product(&n.into(), n.unsigned_abs())
}

/// `n * (n-1) * ... * (n-count+1)`, `count <= n`.
fn falling_product(n: &BigInt, count: u64) -> NumResult<BigInt> {
    // Each factor but the last few has nearly n's bits; n! is at least (n/e)**n.
    let bits_each = n.bit_length().saturating_sub(3);
    if bits_each.checked_mul(count).is_none_or(|bits| bits > MAX_BITS) {
        return Err(NumError::memory());
    }
    Ok(BigInt(IBig::from(match n.to_u64() {
        Some(small) => product_u64(small - count, small),
        None => product_big(&(&n.0).unsigned_abs(), 0, count),
    })))
}

/// The product of `low+1 ..= high`, split in halves so that the factors stay of one size.
fn product_u64(low: u64, high: u64) -> UBig {
    if high - low > 8 {
        let middle = low + (high - low) / 2;
        return product_u64(low, middle) * product_u64(middle, high);
    }
    let mut whole = UBig::ONE;
    let mut part = 1_u64;
    for factor in low + 1..=high {
        match part.checked_mul(factor) {
            Some(next) => part = next,
            None => {
                whole *= part;
                part = factor;
            }
        }
    }
    whole * part
}

/// The product of `n - i` for `i` in `from..to`.
fn product_big(n: &UBig, from: u64, to: u64) -> UBig {
    match to - from {
        0 => UBig::ONE,
        1 => n - from,
        len => {
            let middle = from + len / 2;
            product_big(n, from, middle) * product_big(n, middle, to)
        }
    }
}

fn check_n_k(n: &BigInt, k: &BigInt) -> NumResult<()> {
    if n.is_negative() {
        return Err(NumError::value("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(NumError::value("k must be a non-negative integer"));
    }
    Ok(())
}

/// The number of ways to pick `k` of `n` in order.
///
/// # Errors
/// `ValueError` for negatives; `OverflowError` or `MemoryError` if far too large.
pub fn perm(n: &BigInt, k: &BigInt) -> NumResult<BigInt> {
    check_n_k(n, k)?;
    if k > n {
        return Ok(BigInt::zero());
    }
    let k =
        k.to_i64().ok_or_else(|| NumError::overflow(format!("k must not exceed {}", i64::MAX)))?;
    falling_product(n, k.unsigned_abs())
}

/// The number of ways to pick `k` of `n` without order.
///
/// # Errors
/// `ValueError` for negatives; `OverflowError` or `MemoryError` if far too large.
pub fn comb(n: &BigInt, k: &BigInt) -> NumResult<BigInt> {
    check_n_k(n, k)?;
    if k > n {
        return Ok(BigInt::zero());
    }
    let rest = n.sub(k);
    let k = if &rest < k { &rest } else { k };
    let k = k
        .to_i64()
        .ok_or_else(|| NumError::overflow(format!("min(n - k, k) must not exceed {}", i64::MAX)))?;
    let k = k.unsigned_abs();
    if let Some(small) = n.to_u64().and_then(|n| comb_u128(n, k)) {
        return Ok(small.into());
    }
    // C(n, k) >= (n/k)**k
    let bits = n.bit_length().saturating_sub(64 - u64::from(k.leading_zeros()));
    if bits.saturating_mul(k) > MAX_BITS {
        return Err(NumError::memory());
    }
    Ok(BigInt(IBig::from(comb_big(&(&n.0).unsigned_abs(), k))))
}

/// Multiplies up while it fits; each prefix is itself a binomial, so every division is exact.
fn comb_u128(n: u64, k: u64) -> Option<u128> {
    if k > 128 {
        return None;
    }
    let mut result = 1_u128;
    for i in 0..k {
        result = result.checked_mul((n - i).into())? / u128::from(i + 1);
    }
    Some(result)
}

/// C(n, k) = C(n, j) * C(n-j, k-j) / C(k, j), halving `k`.
fn comb_big(n: &UBig, k: u64) -> UBig {
    if k == 0 {
        return UBig::ONE;
    }
    if k == 1 {
        return n.clone();
    }
    if let Some(small) = u64::try_from(n).ok().and_then(|n| comb_u128(n, k)) {
        return small.into();
    }
    let j = k / 2;
    comb_big(n, j) * comb_big(&(n - j), k - j) / comb_big(&UBig::from(k), j)
}

impl BigInt {
    /// The greatest common divisor, never negative; `gcd(0, 0)` is 0.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return self.abs().add(&other.abs());
        }
        Self(IBig::from((&self.0).gcd(&other.0)))
    }

    /// The least common multiple, never negative; 0 if either is 0.
    #[must_use]
    pub fn lcm(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::zero();
        }
        let gcd = IBig::from((&self.0).gcd(&other.0));
        Self(&self.0 / gcd * &other.0).abs()
    }

    /// `math.isqrt(self)`
    ///
    /// # Errors
    /// `ValueError` below zero.
    pub fn isqrt(&self) -> NumResult<Self> {
        if self.is_negative() {
            return Err(NumError::value("isqrt() argument must be nonnegative"));
        }
        Ok(Self(IBig::from((&self.0).unsigned_abs().sqrt())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        BigInt::from_decimal(text).expect("test number")
    }

    #[test]
    fn divisors_and_roots() {
        assert_eq!(gcd_u64(12, 18), 6);
        assert_eq!(gcd_u64(0, 5), 5);
        assert_eq!(gcd_u64(1 << 63, 1 << 40), 1 << 40);
        assert_eq!(BigInt::from(-12).gcd(&18.into()), 6.into());
        assert_eq!(BigInt::zero().gcd(&BigInt::zero()), 0.into());
        assert_eq!(BigInt::from(-4).lcm(&6.into()), 12.into());
        assert_eq!(big("1000000000000000000000000000000").isqrt(), Ok(big("1000000000000000")));
        assert_eq!(big("999999999999999999999999999999").isqrt(), Ok(big("999999999999999")));
    }

    #[test]
    fn products() {
        assert_eq!(factorial(&0.into()), Ok(1.into()));
        assert_eq!(factorial(&25.into()), Ok(big("15511210043330985984000000")));
        assert_eq!(factorial(&100.into()).map(|n| n.bit_length()), Ok(525));
        assert!(factorial(&big("100000000000000000000")).is_err());
        assert_eq!(factorial(&big("10000000000000")), Err(NumError::memory()));
        assert_eq!(perm(&10.into(), &3.into()), Ok(720.into()));
        assert_eq!(perm(&3.into(), &4.into()), Ok(0.into()));
        assert_eq!(
            perm(&big("1000000000000000000000"), &2.into()),
            Ok(big("999999999999999999999000000000000000000000"))
        );
    }

    #[test]
    fn binomials() {
        assert_eq!(comb(&5.into(), &2.into()), Ok(10.into()));
        assert_eq!(
            comb(&200.into(), &100.into()),
            Ok(big("90548514656103281165404177077484163874504589675413336841320"))
        );
        assert_eq!(comb(&2.into(), &3.into()), Ok(0.into()));
        assert_eq!(
            comb(&big("100000000000000000000"), &2.into()),
            Ok(big("4999999999999999999950000000000000000000"))
        );
        assert!(comb(&BigInt::from(-1), &2.into()).is_err());
    }
}
