//! Number algorithms with Python's semantics, without any object model.
//!
//! Everything here works on plain Rust values, so it can be tested against CPython by itself;
//! `types/` and the native modules wrap it. Reading order: [`big`] (integers of any size),
//! [`float`], [`complex`], [`mathfns`], then the small ones.
//!
//! - Holds: no function here panics, whatever a Python program passes in.
//! - Errors are [`NumError`]s whose text is the one CPython 3.14 shows.

pub mod big;
pub mod cmathfns;
pub mod complex;
pub mod float;
pub mod hash;
pub mod limbs;
pub mod mathfns;
pub mod mt19937;
pub mod range_math;

use std::borrow::Cow;

/// Which exception a [`NumError`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrKind {
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `OverflowError`
    Overflow,
    /// `ValueError`
    Value,
    /// `MemoryError`
    Memory,
    /// `TypeError`
    Type,
}

/// A failed computation: the exception class and its message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct NumError {
    /// The exception class.
    pub kind: ErrKind,
    /// The message, word for word.
    pub text: Cow<'static, str>,
}

/// What a computation that may fail returns.
pub type NumResult<T> = Result<T, NumError>;

impl NumError {
    /// A `ZeroDivisionError` with `text`.
    #[cold]
    pub fn zero_division(text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: ErrKind::ZeroDivision, text: text.into() }
    }

    /// An `OverflowError` with `text`.
    #[cold]
    pub fn overflow(text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: ErrKind::Overflow, text: text.into() }
    }

    /// A `ValueError` with `text`.
    #[cold]
    pub fn value(text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: ErrKind::Value, text: text.into() }
    }

    /// A `TypeError` with `text`.
    #[cold]
    pub fn type_error(text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: ErrKind::Type, text: text.into() }
    }

    /// A `MemoryError` without a message.
    #[cold]
    pub fn memory() -> Self {
        Self { kind: ErrKind::Memory, text: Cow::Borrowed("") }
    }
}
