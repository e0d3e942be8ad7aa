//! The functions of the `math` module on plain numbers, with Python's domain and range errors.
//!
//! - [`elementary`]: powers, logarithms, trigonometry. [`gamma`]: gamma and error functions.
//! - [`sums`]: exact and compensated sums. [`norm`]: vector lengths. [`bits`]: neighbors, parts.

pub mod bits;
pub mod elementary;
pub mod gamma;
pub mod norm;
pub mod sums;

use super::{NumError, NumResult, float::text::repr};

/// "math domain error"
#[cold]
pub fn domain_error() -> NumError {
    NumError::value("math domain error")
}

/// "math range error"
#[cold]
pub fn range_error() -> NumError {
    NumError::overflow("math range error")
}

/// A domain error that says what was expected and shows the argument.
#[cold]
pub(crate) fn expected(what: &str, got: f64) -> NumError {
    NumError::value(format!("expected {what}, got {}", repr(got)))
}

/// The result unless it is infinite for a finite argument.
pub(crate) fn in_range(result: f64, finite_input: bool) -> NumResult<f64> {
    if result.is_infinite() && finite_input { Err(range_error()) } else { Ok(result) }
}
