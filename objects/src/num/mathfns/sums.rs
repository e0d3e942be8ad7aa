//! Sums of floats without (or nearly without) rounding error.
//!
//! # Source
//! Shewchuk 1997 for the exact sum, Neumaier 1974 for the compensated one.

use super::norm::{Double, two_product, two_sum};
use crate::num::{NumError, NumResult};

/// `math.fsum`: keeps a sum as floats that do not overlap, so nothing is lost.
#[derive(Debug, Default)]
pub struct ExactSum {
    /// Non-overlapping, growing in magnitude.
    partials: Vec<f64>,
    /// Sum of the infinities and NaNs seen.
    special: f64,
    /// Sum of the infinities alone.
    infinite: f64,
    any_special: bool,
}

impl ExactSum {
    /// Adds `x`.
    ///
    /// # Errors
    /// `OverflowError` if a partial sum leaves the range.
    pub fn add(&mut self, x: f64) -> NumResult<()> {
        let given = x;
        let mut x = x;
        let mut kept = 0;
        for i in 0..self.partials.len() {
            let Double { hi, lo } = two_sum(x, self.partials[i]);
            if lo != 0.0 {
                self.partials[kept] = lo;
                kept += 1;
            }
            x = hi;
        }
        self.partials.truncate(kept);
        if x == 0.0 {
            return Ok(());
        }
        if x.is_finite() {
            self.partials.push(x);
            return Ok(());
        }
        if given.is_finite() {
            return Err(NumError::overflow("intermediate overflow in fsum"));
        }
        self.any_special = true;
        self.special += given;
        if given.is_infinite() {
            self.infinite += given;
        }
        self.partials.clear();
        Ok(())
    }

    /// The sum, rounded once.
    ///
    /// # Errors
    /// `ValueError` if infinities of both signs were added.
    pub fn finish(mut self) -> NumResult<f64> {
        if self.any_special {
            return match self.infinite.is_nan() {
                true => Err(NumError::value("-inf + inf in fsum")),
                false => Ok(self.special),
            };
        }
        let Some(mut sum) = self.partials.pop() else { return Ok(0.0) };
        let mut rest = 0.0;
        while let Some(next) = self.partials.pop() {
            let rounded = two_sum(sum, next);
            (sum, rest) = (rounded.hi, rounded.lo);
            if rest != 0.0 {
                break;
            }
        }
        // A tie was broken to even without looking at what is below it: look now.
        let below = self.partials.last().copied().unwrap_or(0.0);
        if (rest < 0.0 && below < 0.0) || (rest > 0.0 && below > 0.0) {
            let twice = rest * 2.0;
            let moved = sum + twice;
            if twice == moved - sum {
                sum = moved;
            }
        }
        Ok(sum)
    }
}

/// The running sum of `sum()` over floats: one float of compensation.
#[derive(Clone, Copy, Debug)]
pub struct CompensatedSum {
    total: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Starts at `start`.
    pub fn new(start: f64) -> Self {
        Self { total: start, lost: 0.0 }
    }

    /// Adds `x`.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let next = self.total + x;
        self.lost += match self.total.abs() >= x.abs() {
            true => (self.total - next) + x,
            false => (x - next) + self.total,
        };
        self.total = next;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        if self.lost != 0.0 && self.lost.is_finite() { self.total + self.lost } else { self.total }
    }
}

/// The running sum of `math.sumprod` over floats, three floats wide.
#[derive(Clone, Copy, Debug, Default)]
pub struct TripleSum {
    hi: f64,
    lo: f64,
    tiny: f64,
}

impl TripleSum {
    /// Adds `x * y`.
    pub fn add_product(&mut self, x: f64, y: f64) {
        let product = two_product(x, y);
        let high = two_sum(self.hi, product.hi);
        let low = two_sum(self.lo, product.lo);
        let middle = two_sum(low.hi, high.lo);
        *self = Self { hi: high.hi, lo: middle.hi, tiny: self.tiny + low.lo + middle.lo };
    }

    /// The sum so far, rounded.
    pub fn value(self) -> f64 {
        let last = two_sum(self.lo, self.hi);
        self.tiny + last.lo + last.hi
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(values: &[f64]) -> NumResult<f64> {
        let mut sum = ExactSum::default();
        values.iter().try_for_each(|&x| sum.add(x))?;
        sum.finish()
    }

    #[test]
    fn exact_sums() {
        assert_eq!(exact(&[0.1; 10]), Ok(1.0));
        assert_eq!(exact(&[1e100, 1.0, -1e100]), Ok(1.0));
        assert_eq!(exact(&[1e16, 1.0, 1e-16]), Ok(10000000000000002.0));
        assert_eq!(exact(&[]), Ok(0.0));
        assert_eq!(exact(&[f64::INFINITY, 1.0]), Ok(f64::INFINITY));
        assert_eq!(
            exact(&[f64::INFINITY, f64::NEG_INFINITY]).unwrap_err().text,
            "-inf + inf in fsum"
        );
        assert_eq!(exact(&[1e308, 1e308]).unwrap_err().text, "intermediate overflow in fsum");
        assert!(exact(&[f64::NAN, f64::INFINITY]).is_ok_and(f64::is_nan));
    }

    #[test]
    fn compensated_sums() {
        let mut sum = CompensatedSum::new(0.0);
        (0..10).for_each(|_| sum.add(0.1));
        assert_eq!(sum.value(), 1.0);
        let mut sum = CompensatedSum::new(0.0);
        [1.0, 1e100, 1.0, -1e100].into_iter().for_each(|x| sum.add(x));
        assert_eq!(sum.value(), 2.0);
    }

    #[test]
    fn products() {
        let mut sum = TripleSum::default();
        [(10.0, 0.1), (10.0, 0.1), (-2.0, 1.0)]
            .into_iter()
            .for_each(|(x, y)| sum.add_product(x, y));
        assert_eq!(sum.value(), 1.1102230246251565e-16);
    }
}
