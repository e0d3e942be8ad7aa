//! Text and bytes as pure algorithms: no object model, no transactions, no Python errors.
//!
//! Text comes in and goes out as WTF-8 bytes (`cp.rs`), positions are byte offsets unless a
//! name says otherwise, and errors are plain values ([`TextError`]) which the types turn into
//! exceptions. Reading order: `cp`, `search`, `classify`, `case`, `shape`, `repr`; then numbers
//! (`float_repr`, `format_spec`, `format_num`, `percent`), then `codecs` and `struct_fmt`.

pub mod case;
pub mod classify;
pub mod codecs;
pub mod cp;
pub mod float_repr;
pub mod format_num;
pub mod format_spec;
pub mod hash;
pub mod json;
pub mod markup;
pub mod percent;
pub mod quick;
pub mod repr;
pub mod search;
pub mod shape;
pub mod struct_fmt;
pub mod suggest;
pub mod transfer;

/// Which Python exception an error of this room becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `ValueError`.
    Value,
    /// `TypeError`.
    Type,
    /// `OverflowError`.
    Overflow,
    /// `IndexError`.
    Index,
    /// `MemoryError`.
    Memory,
}

/// An error of a text algorithm, worded as CPython words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The exception class.
    pub kind: ErrorKind,
    /// The message.
    pub message: String,
}

impl TextError {
    /// A `ValueError`.
    pub fn value(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Value, message: message.into() }
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Type, message: message.into() }
    }

    /// An `OverflowError`.
    pub fn overflow(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Overflow, message: message.into() }
    }
}
