//! Methods that `bytes` and `bytearray` share. Results are of the receiver's builtin class.
//!
//! `mod.rs` holds what the others go by: the receiver's bytes, and results. `operators.rs` is what operators and conversions
//! call, `search.rs` looks for bytes, `pieces.rs` takes apart and joins, `shape.rs` maps and pads, `hex.rs` is the text of
//! hexadecimal digits, `table.rs` the rows for both classes.

mod hex;
mod operators;
mod pieces;
mod search;
mod shape;
mod table;

use std::borrow::Cow;

use super::bytes::from_iterable;
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::Args,
    types::{buffer, bytearray, bytes},
    value::Value,
};

pub use self::hex::hex_text;
pub(super) use self::{hex::parse_hex, shape::maketrans, table::SHARED};

type Bytes = Cow<'static, [u8]>;

/// The receiver's bytes.
#[inline]
pub(super) fn this(cx: &mut Cx, args: Args<'_>) -> Completion<Bytes> {
    buffer::bytes_or_bytearray(cx, args.this()).map(Option::unwrap_or_default)
}

#[inline]
fn is_bytearray(args: Args<'_>) -> bool {
    args.this().obj().is_some_and(|o| o.kind() == Kind::ByteArray)
}

/// A result of the receiver's builtin class.
#[inline]
pub(super) fn make(cx: &mut Cx, args: Args<'_>, data: &[u8]) -> Completion<Value> {
    if is_bytearray(args) { bytearray::new(cx, data) } else { bytes::new(cx, data) }
}

/// The receiver unchanged: itself if it is immutable, else a copy.
fn unchanged(cx: &mut Cx, args: Args<'_>, data: &[u8]) -> Completion<Value> {
    match bytes::exact(args.this()) {
        Some(o) => Ok(o.into()),
        None => bytearray::new(cx, data),
    }
}

/// The bytes of an iterable of ints or a bytes-like object, for `extend` and slice assignment.
pub(super) fn bytes_or_ints(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    match buffer::bytes_like(cx, v)? {
        Some(b) => Ok(b.into_owned()),
        None => from_iterable(cx, v, "byte"),
    }
}
