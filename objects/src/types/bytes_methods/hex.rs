//! The text of hexadecimal digits: `hex`, and what `fromhex` reads.

use super::{Bytes, this};
use crate::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol, raise,
    text::shape,
    types::{buffer, str as string},
    value::Value,
};

/// The argument of `fromhex`.
pub(in crate::types) fn parse_hex(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    let Some(o) = string::exact(v) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "fromhex() argument must be str, not {name}");
    };
    let s = string::bytes_of(o);
    let digit = |i: usize| s.get(i).and_then(|&b| (b as char).to_digit(16));
    let mut out = Vec::with_capacity(s.len() / 2);
    let mut at = 0;
    while at < s.len() {
        if shape::is_byte_space(s[at]) {
            at += 1;
            continue;
        }
        let bad = match (digit(at), digit(at + 1)) {
            (Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
                continue;
            }
            (Some(_), None) => at + 1,
            _ => at,
        };
        let position = string::char_index(o, bad.min(s.len()));
        return raise!(
            cx,
            ValueError,
            "non-hexadecimal number found in fromhex() arg at position {position}"
        );
    }
    Ok(out)
}

/// `data.hex(sep, bytes_per_sep)`; also what `memoryview.hex` and `binascii.hexlify` give.
///
/// # Errors
/// `ValueError`, `TypeError` for a bad separator.
pub fn hex_text(cx: &mut Cx, data: &[u8], sep: Option<Value>, group: Value) -> Completion<Vec<u8>> {
    let sep = match sep {
        None => None,
        Some(v) => Some(hex_separator(cx, v)?),
    };
    let group = if group.is_unbound() { 1 } else { protocol::index_i64(cx, group)? };
    let mut out = Vec::with_capacity(data.len() * 3);
    let every = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    for (i, &b) in data.iter().enumerate() {
        // A positive group counts from the right.
        let boundary = if group > 0 {
            (data.len() - i).is_multiple_of(every)
        } else {
            group < 0 && i.is_multiple_of(every)
        };
        if let Some(sep) = sep
            && i > 0
            && boundary
        {
            out.push(sep);
        }
        out.extend_from_slice(&[HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
    }
    Ok(out)
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn hex_separator(cx: &mut Cx, v: Value) -> Completion<u8> {
    if protocol::length(cx, v)? != 1 {
        return raise!(cx, ValueError, "sep must be length 1.");
    }
    let text = string::exact(v).map(|o| Bytes::Borrowed(string::bytes_of(o)));
    let sep = match text {
        Some(s) => Some(s),
        None => buffer::bytes_or_bytearray(cx, v)?,
    };
    match sep.as_deref() {
        Some([b]) if *b < 128 => Ok(*b),
        Some(_) => raise!(cx, ValueError, "sep must be ASCII."),
        None => raise!(cx, TypeError, "sep must be str or bytes."),
    }
}

pub(super) fn hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(cx, args)?;
    let out = hex_text(cx, &s, args.opt(1), args.get(2))?;
    string::new_ascii(cx, &out)
}
