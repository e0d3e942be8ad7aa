//! What slices and ranges compute: bounds, lengths, members.
//!
//! Two versions of everything: machine integers for containers, any size for `range` and
//! `slice.indices`.

use super::{NumError, NumResult, big::BigInt};

/// A slice brought into the bounds of a sequence: `len` items from `start` in steps of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Index of the first item.
    pub start: i64,
    /// Where it ends, exclusive; -1 is "before the first" for a negative step.
    pub stop: i64,
    /// Never zero.
    pub step: i64,
    /// How many items.
    pub len: usize,
}

impl Bounds {
    /// The index of item `i`.
    pub fn at(&self, i: usize) -> usize {
        (self.start + self.step * i as i64) as usize
    }

    /// The indices in order.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.len).map(move |i| self.at(i))
    }
}

/// Brings a slice into the bounds of a sequence of `len` items. Values out of `i64`'s range may
/// be clamped to it beforehand.
///
/// # Errors
/// `ValueError` if the step is zero.
pub fn slice_bounds(
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
    len: usize,
) -> NumResult<Bounds> {
    let step = step.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(NumError::value("slice step cannot be zero"));
    }
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let (low, high) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let clamp = |index: i64| {
        let index = if index < 0 { index.saturating_add(len) } else { index };
        index.clamp(low, high)
    };
    let start = start.map_or(if step < 0 { high } else { low }, clamp);
    let stop = stop.map_or(if step < 0 { low } else { high }, clamp);
    Ok(Bounds { start, stop, step, len: range_len(start, stop, step) as usize })
}

/// The number of items in `range(start, stop, step)`; `step` must not be zero.
#[inline]
pub fn range_len(start: i64, stop: i64, step: i64) -> u64 {
    let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
    if low >= high || step == 0 {
        return 0;
    }
    (high.wrapping_sub(low) as u64 - 1) / step.unsigned_abs() + 1
}

/// The position of `item` in `range(start, stop, step)`, if it is there.
#[inline]
pub fn range_index(start: i64, stop: i64, step: i64, item: i64) -> Option<u64> {
    let inside = if step > 0 { start <= item && item < stop } else { stop < item && item <= start };
    if !inside {
        return None;
    }
    let distance = item.wrapping_sub(start);
    let distance = if step > 0 { distance as u64 } else { distance.wrapping_neg() as u64 };
    let step = step.unsigned_abs();
    distance.is_multiple_of(step).then(|| distance / step)
}

/// [`range_len`] for any size.
///
/// # Errors
/// `ZeroDivisionError` if `step` is zero, which `range` refuses beforehand.
pub fn range_len_big(start: &BigInt, stop: &BigInt, step: &BigInt) -> NumResult<BigInt> {
    let (low, high) = if step.is_negative() { (stop, start) } else { (start, stop) };
    if low >= high {
        return Ok(BigInt::zero());
    }
    let distance = high.sub(low).sub(&BigInt::one());
    Ok(distance.floor_div(&step.abs())?.add(&BigInt::one()))
}

/// [`range_index`] for any size.
///
/// # Errors
/// `ZeroDivisionError` if `step` is zero, which `range` refuses beforehand.
pub fn range_index_big(
    start: &BigInt,
    stop: &BigInt,
    step: &BigInt,
    item: &BigInt,
) -> NumResult<Option<BigInt>> {
    let inside = match step.is_negative() {
        true => stop < item && item <= start,
        false => start <= item && item < stop,
    };
    if !inside {
        return Ok(None);
    }
    let (index, rest) = item.sub(start).div_mod(step)?;
    Ok(rest.is_zero().then_some(index))
}

/// `slice(start, stop, step).indices(len)` for any size: `(start, stop, step)`.
///
/// # Errors
/// `ValueError` if the step is zero or the length negative.
pub fn slice_indices_big(
    start: Option<&BigInt>,
    stop: Option<&BigInt>,
    step: Option<&BigInt>,
    len: &BigInt,
) -> NumResult<(BigInt, BigInt, BigInt)> {
    if len.is_negative() {
        return Err(NumError::value("length should not be negative"));
    }
    let step = step.cloned().unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(NumError::value("slice step cannot be zero"));
    }
    let (low, high) = match step.is_negative() {
        true => (BigInt::from(-1), len.sub(&BigInt::one())),
        false => (BigInt::zero(), len.clone()),
    };
    let clamp = |index: &BigInt| {
        let index = if index.is_negative() { index.add(len) } else { index.clone() };
        index.max(low.clone()).min(high.clone())
    };
    let (first, last) = match step.is_negative() {
        true => (&high, &low),
        false => (&low, &high),
    };
    let start = start.map_or_else(|| first.clone(), clamp);
    let stop = stop.map_or_else(|| last.clone(), clamp);
    Ok((start, stop, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The indices by the definition: normalize, then walk.
    fn walk(start: Option<i64>, stop: Option<i64>, step: i64, len: i64) -> Vec<usize> {
        let norm = |i: i64| if i < 0 { i + len } else { i };
        let mut at = start.map_or(if step > 0 { 0 } else { len - 1 }, norm);
        if step > 0 {
            at = at.max(0)
        } else {
            at = at.min(len - 1)
        }
        let end = stop.map_or(if step > 0 { len } else { -1 }, |s| norm(s).clamp(-1, len));
        let mut out = Vec::new();
        while (step > 0 && at < end) || (step < 0 && at > end) {
            if (0..len).contains(&at) {
                out.push(at as usize);
            }
            at += step;
        }
        out
    }

    #[test]
    fn slices_agree_with_the_definition() {
        let ends: Vec<_> = std::iter::once(None).chain((-6..7).map(Some)).collect();
        for &start in &ends {
            for &stop in &ends {
                for step in [-3, -2, -1, 1, 2, 5] {
                    for len in 0..5 {
                        let bounds = slice_bounds(start, stop, Some(step), len as usize)
                            .expect("step is not 0");
                        let got: Vec<_> = bounds.indices().collect();
                        assert_eq!(
                            got,
                            walk(start, stop, step, len),
                            "{start:?}:{stop:?}:{step} of {len}"
                        );
                    }
                }
            }
        }
        assert!(slice_bounds(None, None, Some(0), 3).is_err());
        let wide =
            slice_bounds(Some(i64::MIN), Some(i64::MAX), Some(i64::MIN), 3).expect("clamped");
        assert_eq!(wide.len, 0);
    }

    #[test]
    fn range_lengths_do_not_overflow() {
        assert_eq!(range_len(i64::MIN, i64::MAX, 1), u64::MAX);
        assert_eq!(range_len(0, 10, 3), 4);
        assert_eq!(range_len(10, 0, -3), 4);
        assert_eq!(range_len(0, 10, -1), 0);
        assert_eq!(range_index(i64::MIN, i64::MAX, 1, 0), Some(1 << 63));
        assert_eq!(range_index(10, 0, -3, 4), Some(2));
        assert_eq!(range_index(10, 0, -3, 5), None);
        for (a, b, c) in [(0, 10, 3), (10, 0, -3), (0, 10, -1), (5, 5, 1)] {
            let big = range_len_big(&a.into(), &b.into(), &c.into());
            assert_eq!(big, Ok(range_len(a, b, c).into()));
        }
        assert_eq!(
            range_index_big(&10.into(), &0.into(), &(-3).into(), &4.into()),
            Ok(Some(2.into()))
        );
    }
}
