//! Source text to syntax tree: decoding, parsing, and errors in CPython's words.
//!
//! Reading order: [`source`] (bytes to text), [`parse`] (text to tree), [`literal`] (what string
//! literals hold), [`diag`] (the error value everything here reports).

pub mod diag;
pub mod literal;
pub mod parse;
pub mod source;

pub use diag::{DiagKind, SyntaxDiag};
pub use parse::{Mode, Module, ParseFlags, Tree, parse};
pub use source::Source;
