//! Functions that take floats apart: neighbors, unit in the last place, parts, scaling.

use super::{in_range, range_error};
use crate::num::{NumResult, float};

/// The `steps`-th float after `x` in the direction of `y`, stopping there.
pub fn next_after(x: f64, y: f64, steps: u64) -> f64 {
    if steps == 0 || x.is_nan() {
        return x;
    }
    if y.is_nan() || x == y {
        return y;
    }
    const SIGN: u64 = 1 << 63;
    let (ux, uy) = (x.to_bits(), y.to_bits());
    let (ax, ay) = (ux & !SIGN, uy & !SIGN);
    if (ux ^ uy) & SIGN != 0 {
        // Zero lies between.
        if ax.saturating_add(ay) <= steps {
            return y;
        }
        if ax < steps {
            return f64::from_bits((uy & SIGN) | (steps - ax));
        }
        return f64::from_bits(ux - steps);
    }
    let moved = if ax > ay {
        (ux & SIGN) | ax.saturating_sub(steps).max(ay)
    } else {
        (ux & SIGN) | ax.saturating_add(steps).min(ay)
    };
    f64::from_bits(moved)
}

/// `math.ulp`: the distance to the next float away from zero.
pub fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let above = x.next_up();
    if above.is_infinite() { x - x.next_down() } else { above - x }
}

/// `math.modf`: fraction and whole part, both with the sign of `x`.
pub fn modf(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0.0_f64.copysign(x), x);
    }
    if x.is_nan() {
        return (x, x);
    }
    let whole = x.trunc();
    ((x - whole).copysign(x), whole)
}

/// `math.ldexp`: `x * 2**exp`; `exp` may be clamped to `i64`.
///
/// # Errors
/// `OverflowError`
pub fn ldexp(x: f64, exp: i64) -> NumResult<f64> {
    if x == 0.0 || !x.is_finite() {
        return Ok(x);
    }
    if exp > i64::from(i32::MAX) {
        return Err(range_error());
    }
    in_range(float::ldexp(x, exp), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors() {
        assert_eq!(next_after(1.0, 2.0, 1), 1.0000000000000002);
        assert_eq!(next_after(0.0, -1.0, 3), -1.5e-323);
        assert_eq!(next_after(5e-324, -1.0, 2), -5e-324);
        assert_eq!(next_after(1.0, 1.0000000000000004, 100), 1.0000000000000004);
        assert_eq!(next_after(f64::INFINITY, 0.0, 1), f64::MAX);
        assert_eq!(next_after(-1e-323, 1e-323, u64::MAX), 1e-323);
        assert_eq!(ulp(1.0), f64::EPSILON);
        assert_eq!(ulp(0.0), 5e-324);
        assert_eq!(ulp(f64::MAX), 1.99584030953472e292);
    }

    #[test]
    fn parts() {
        assert_eq!(modf(-1.25), (-0.25, -1.0));
        assert_eq!(modf(f64::NEG_INFINITY), (-0.0, f64::NEG_INFINITY));
        assert_eq!(ldexp(0.75, 3), Ok(6.0));
        assert!(ldexp(1.0, 5000).is_err());
        assert!(ldexp(1.0, i64::MAX).is_err());
        assert_eq!(ldexp(1.0, i64::MIN), Ok(0.0));
        assert_eq!(ldexp(0.0, i64::MAX), Ok(0.0));
    }
}
