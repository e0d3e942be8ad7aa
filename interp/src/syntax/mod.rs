//! Source text to syntax tree: decoding, parsing, and errors in CPython's words.
//!
//! Reading order: `source` (bytes to text), `parse` (text to tree), `literal` (what string
//! literals hold), [`diag`] (the error value everything here reports), [`lexer`] and [`grammar`] (how errors
//! get CPython's words).

pub mod diag;
#[cfg(test)]
mod fuzz;
pub mod grammar;
pub mod lexer;
pub mod literal;
pub mod parse;
mod semantic;
pub mod source;
pub mod tree;

pub use diag::{DiagKind, SyntaxDiag};
pub use parse::{Mode, Module, ParseFlags, Tree, parse};
pub use source::Source;
