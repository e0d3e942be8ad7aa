//! Methods that map or pad bytes: case, padding, tabs, translate, and the `isX` questions.

use super::{Bytes, make, this, unchanged};
use crate::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol, raise,
    text::shape,
    types::{buffer, bytes, number::OrRaise, text_args::check_size},
    value::Value,
};

/// A method that maps bytes to bytes.
macro_rules! mapped {
    ($($name:ident => $f:expr),* $(,)?) => {
        $(pub(super) fn $name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
            let f: fn(&mut Vec<u8>) = $f;
            let mut s = this(cx, args)?.into_owned();
            f(&mut s);
            make(cx, args, &s)
        })*
    };
}

mapped! {
    lower => |s| s.make_ascii_lowercase(),
    upper => |s| s.make_ascii_uppercase(),
    swapcase => |s| for b in s {
        *b = if b.is_ascii_lowercase() { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() };
    },
    capitalize => |s| {
        s.make_ascii_lowercase();
        s.iter_mut().take(1).for_each(|b| b.make_ascii_uppercase());
    },
    title => |s| {
        let mut inside = false;
        for b in s {
            if inside { b.make_ascii_lowercase() } else { b.make_ascii_uppercase() }
            inside = b.is_ascii_alphabetic();
        }
    },
}

/// A yes-or-no method.
macro_rules! asked {
    ($($name:ident => $f:expr),* $(,)?) => {
        $(pub(super) fn $name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
            let f: fn(&[u8]) -> bool = $f;
            Ok(f(&this(cx, args)?).into())
        })*
    };
}

asked! {
    isalnum => |s| !s.is_empty() && s.iter().all(u8::is_ascii_alphanumeric),
    isalpha => |s| !s.is_empty() && s.iter().all(u8::is_ascii_alphabetic),
    isascii => <[u8]>::is_ascii,
    isdigit => |s| !s.is_empty() && s.iter().all(u8::is_ascii_digit),
    isspace => |s| !s.is_empty() && s.iter().all(|&b| shape::is_byte_space(b)),
    islower => |s| s.iter().any(u8::is_ascii_lowercase) && !s.iter().any(u8::is_ascii_uppercase),
    isupper => |s| s.iter().any(u8::is_ascii_uppercase) && !s.iter().any(u8::is_ascii_lowercase),
    istitle => |s| {
        let (mut cased, mut inside) = (false, false);
        for b in s {
            if b.is_ascii_uppercase() && inside || b.is_ascii_lowercase() && !inside {
                return false;
            }
            inside = b.is_ascii_alphabetic();
            cased |= inside;
        }
        cased
    },
}

fn fill(cx: &mut Cx, v: Value, name: &str) -> Completion<u8> {
    if v.is_unbound() {
        return Ok(b' ');
    }
    if let Some(b) = buffer::bytes_or_bytearray(cx, v)?
        && let [one] = *b
    {
        return Ok(one);
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "{name}() argument 2 must be a byte string of length 1, not {got}")
}

fn padded(
    cx: &mut Cx,
    args: Args<'_>,
    name: &str,
    sides: fn(usize, usize) -> (usize, usize),
) -> Completion<Value> {
    let width = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let fill = fill(cx, args.get(2), name)?;
    let s = this(cx, args)?;
    if width <= s.len() {
        return unchanged(cx, args, &s);
    }
    check_size(cx, Some(width))?;
    let (left, right) = sides(s.len(), width);
    make(cx, args, &shape::pad(&s, left, right, &[fill]))
}

pub(super) fn center(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "center", shape::center_padding)
}

pub(super) fn ljust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "ljust", |n, width| (0, width - n))
}

pub(super) fn rjust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "rjust", |n, width| (width - n, 0))
}

pub(super) fn zfill(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let width = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let s = this(cx, args)?;
    if width <= s.len() {
        return unchanged(cx, args, &s);
    }
    check_size(cx, Some(width))?;
    make(cx, args, &shape::zfill(&s, s.len(), width))
}

pub(super) fn expandtabs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let tab = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let s = this(cx, args)?;
    let out = shape::expand_tabs(&s, tab, false).or_raise(cx)?;
    make(cx, args, &out)
}

pub(super) fn translate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let table = match args.not_none(1) {
        None => None,
        Some(v) => Some(buffer::expect_bytes(cx, v)?),
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return raise!(cx, ValueError, "translation table must be 256 characters long");
    }
    let delete = match args.opt(2) {
        None => Bytes::default(),
        Some(v) => buffer::expect_bytes(cx, v)?,
    };
    let s = this(cx, args)?;
    let mapped = |b: u8| table.as_ref().map_or(b, |t| t[usize::from(b)]);
    let out: Vec<u8> = s.iter().filter(|b| !delete.contains(b)).map(|&b| mapped(b)).collect();
    make(cx, args, &out)
}

pub(in crate::types) fn maketrans(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (from, to) =
        (buffer::expect_bytes(cx, args.get(0))?, buffer::expect_bytes(cx, args.get(1))?);
    if from.len() != to.len() {
        return raise!(cx, ValueError, "maketrans arguments must have same length");
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&f, &t) in from.iter().zip(&*to) {
        table[usize::from(f)] = t;
    }
    bytes::new(cx, &table)
}
