//! Arithmetic on magnitudes as slices of 64-bit limbs, lowest first: what needs one pass over them.
//!
//! Sums and products go right into the storage of the result, so that a number is not copied to and from the representation
//! of [`BigInt`](super::big::BigInt), which has the algorithms for what is large.

use std::cmp::Ordering;

/// Above this many limbs in the shorter factor there are faster ways than [`mul`].
pub const MUL_MOST: usize = 24;

/// The limbs without leading zeros.
pub fn trim(limbs: &[u64]) -> &[u64] {
    &limbs[..limbs.iter().rposition(|&limb| limb != 0).map_or(0, |i| i + 1)]
}

/// The order of two magnitudes without leading zeros.
pub fn cmp(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

#[inline(always)]
fn add_carry(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, over) = a.overflowing_add(b);
    let (sum, more) = sum.overflowing_add(u64::from(carry));
    (sum, over | more)
}

#[inline(always)]
fn sub_borrow(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (rest, under) = a.overflowing_sub(b);
    let (rest, more) = rest.overflowing_sub(u64::from(borrow));
    (rest, under | more)
}

/// `out = a + b`; `a` is not the shorter one, and `out` has a limb more.
pub fn add(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (low, high) = a.split_at(b.len());
    let (out_low, out_high) = out.split_at_mut(b.len());
    let mut carry = false;
    for ((to, &x), &y) in out_low.iter_mut().zip(low).zip(b) {
        (*to, carry) = add_carry(x, y, carry);
    }
    for (to, &x) in out_high.iter_mut().zip(high) {
        (*to, carry) = x.overflowing_add(u64::from(carry));
    }
    out_high[high.len()] = u64::from(carry);
}

/// `out = a - b`; `a` is at least `b`, and `out` has as many limbs as it.
pub fn sub(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (low, high) = a.split_at(b.len());
    let (out_low, out_high) = out.split_at_mut(b.len());
    let mut borrow = false;
    for ((to, &x), &y) in out_low.iter_mut().zip(low).zip(b) {
        (*to, borrow) = sub_borrow(x, y, borrow);
    }
    for (to, &x) in out_high.iter_mut().zip(high) {
        (*to, borrow) = x.overflowing_sub(u64::from(borrow));
    }
}

/// `out = a * b`; `out` has as many limbs as both. Takes time for each pair of limbs.
pub fn mul(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    out[..long.len()].fill(0);
    for (i, &y) in short.iter().enumerate() {
        let mut carry = 0;
        for (to, &x) in out[i..].iter_mut().zip(long) {
            let sum = u128::from(x) * u128::from(y) + u128::from(*to) + u128::from(carry);
            (*to, carry) = (sum as u64, (sum >> 64) as u64);
        }
        out[i + long.len()] = carry;
    }
}

/// `a / b` rounded down, for two magnitudes without leading zeros, `b` of several limbs, if their first 128 bits tell. They
/// do not when the quotient is large, or so close to the next one that lower bits decide.
pub fn quick_div(a: &[u64], b: &[u64]) -> Option<u64> {
    let drop = (b.len() * 64).checked_sub(64 + b.last()?.leading_zeros() as usize)?;
    if b.len() < 2 || a.len() > b.len() + 1 {
        return None;
    }
    let (mut a_top, b_top) = (window(a, drop), window(b, drop) as u64);
    if window(a, drop + 128) != 0 {
        return None;
    }
    let most = a_top / u128::from(b_top);
    // The bits that were dropped make `a` larger by less than one unit, and so do those of `b`.
    a_top /= u128::from(b_top) + 1;
    (a_top == most).then(|| u64::try_from(most).ok())?
}

/// 128 bits from bit `from` on.
fn window(limbs: &[u64], from: usize) -> u128 {
    let limb = |i: usize| u128::from(limbs.get(from / 64 + i).copied().unwrap_or(0));
    let pair = limb(0) | limb(1) << 64;
    match from % 64 {
        0 => pair,
        shift => pair >> shift | limb(2) << (128 - shift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::big::BigInt;

    fn big(limbs: &[u64]) -> BigInt {
        BigInt::from_sign_limbs(false, limbs)
    }

    /// Limbs with many zeros and ones, where carries go far.
    fn samples() -> Vec<Vec<u64>> {
        let mut state = 1_u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            match state >> 62 {
                0 => u64::MAX,
                1 => 0,
                _ => state.rotate_left(17),
            }
        };
        let mut number = |n: usize| {
            let mut limbs: Vec<u64> = (0..n % 7).map(|_| next()).collect();
            limbs.push(next() | 1 << (n % 64));
            limbs
        };
        (0..60).map(&mut number).collect()
    }

    #[test]
    fn agrees_with_big_integers() {
        for a in samples() {
            for b in samples() {
                let mut out = vec![7; a.len() + b.len()];
                mul(&mut out, &a, &b);
                assert_eq!(big(&out), big(&a).mul(&big(&b)));
                assert_eq!(cmp(&a, &b), big(&a).cmp(&big(&b)));
                if cmp(&a, &b).is_lt() {
                    continue;
                }
                let mut out = vec![7; a.len() + 1];
                add(&mut out, &a, &b);
                assert_eq!(big(&out), big(&a).add(&big(&b)));
                sub(&mut out[..a.len()], &a, &b);
                assert_eq!(big(trim(&out[..a.len()])), big(&a).sub(&big(&b)));
            }
        }
    }

    #[test]
    fn quotients_from_the_first_bits_are_right() {
        let mut found = 0;
        for a in samples() {
            for b in samples() {
                let mut product = vec![0; a.len() + 1];
                // Near multiples, and unrelated numbers.
                mul(&mut product, &a, &[a[0] % 1000]);
                for dividend in [trim(&product), &a[..]] {
                    let Some(quotient) = quick_div(dividend, &b) else { continue };
                    let exact = big(dividend).floor_div(&big(&b)).expect("not zero");
                    assert_eq!(BigInt::from(quotient), exact);
                    found += 1;
                }
            }
        }
        assert!(found > 500, "{found}");
        assert_eq!(quick_div(&[0, 0, 6], &[0, 0, 3]), None);
        assert_eq!(quick_div(&[5, 0, 7], &[0, 0, 3]), Some(2));
    }
}
