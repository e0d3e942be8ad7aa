//! Methods that `bytes` and `bytearray` share. Results are of the receiver's builtin class.

use std::borrow::Cow;

use super::{
    bytes::{self, byte, from_iterable},
    bytes_iter, codec,
    number::OrRaise,
    text_args::{check_replaced, check_size, max_count, new_list, new_text, range},
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::{Args, Effect, NativeDef},
    protocol::{self, CompareOp, RootVec},
    raise,
    text::{repr as text_repr, search, shape},
    types::{T, buffer, bytearray, percent, str as string},
    value::Value,
};

type Bytes = Cow<'static, [u8]>;

/// The receiver's bytes.
pub(super) fn this(cx: &mut Cx, args: Args<'_>) -> Completion<Bytes> {
    buffer::bytes_or_bytearray(cx, args.this()).map(Option::unwrap_or_default)
}

fn is_bytearray(args: Args<'_>) -> bool {
    args.this().obj().is_some_and(|o| o.kind() == Kind::ByteArray)
}

/// A result of the receiver's builtin class.
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

/// A needle: an int as one byte, or bytes.
fn needle(cx: &mut Cx, v: Value) -> Completion<Bytes> {
    if let Some(b) = buffer::bytes_like(cx, v)? {
        return Ok(b);
    }
    let is_int = protocol::convert::as_int(v).is_some()
        || protocol::find_special(cx, v, crate::names::Special::Index).is_some();
    if !is_int {
        let name = cx.type_name(v);
        return raise!(
            cx,
            TypeError,
            "argument should be integer or bytes-like object, not '{name}'"
        );
    }
    byte(cx, v, "byte").map(|b| vec![b].into())
}

fn locate(cx: &mut Cx, args: Args<'_>, last: bool) -> Completion<Option<usize>> {
    let (s, what) = (this(cx, args)?, needle(cx, args.get(1))?);
    let Some((i, j)) = range(cx, args.opt(2), args.opt(3), s.len())? else { return Ok(None) };
    let s = &s[i..j];
    let at = if last { search::rfind(s, &what) } else { search::find(s, &what) };
    Ok(at.map(|at| i + at))
}

fn find(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(locate(cx, args, false)?.map_or(-1, |i| i as i64)))
}

fn rfind(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(locate(cx, args, true)?.map_or(-1, |i| i as i64)))
}

fn must_find(cx: &mut Cx, at: Option<usize>) -> Completion<Value> {
    match at {
        Some(i) => Ok(Value::small(i as i64)),
        None => raise!(cx, ValueError, "subsection not found"),
    }
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, false)?;
    must_find(cx, at)
}

fn rindex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, true)?;
    must_find(cx, at)
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, what) = (this(cx, args)?, needle(cx, args.get(1))?);
    let n = match range(cx, args.opt(2), args.opt(3), s.len())? {
        None => 0,
        Some((i, j)) if what.is_empty() => j - i + 1,
        Some((i, j)) => search::count(&s[i..j], &what),
    };
    Ok(Value::small(n as i64))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, v) = (this(cx, args)?, args.get(1));
    let is_int = protocol::convert::as_int(v).is_some()
        || protocol::find_special(cx, v, crate::names::Special::Index).is_some();
    if is_int && buffer::bytes_like(cx, v)?.is_none() {
        let b = byte(cx, v, "byte")?;
        return Ok(memchr::memchr(b, &s).is_some().into());
    }
    let what = buffer::expect_bytes(cx, v)?;
    Ok(search::find(&s, &what).is_some().into())
}

fn affix(
    cx: &mut Cx,
    args: Args<'_>,
    name: &str,
    test: fn(&[u8], &[u8]) -> bool,
) -> Completion<Value> {
    let (s, what) = (this(cx, args)?, args.get(1));
    let place = range(cx, args.opt(2), args.opt(3), s.len())?;
    let s = place.map(|(i, j)| &s[i..j]);
    if let Some(candidates) = what.obj().and_then(super::text_args::tuple_items) {
        for &c in candidates {
            let c = buffer::expect_bytes(cx, c)?;
            if s.is_some_and(|s| test(s, &c)) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    let Some(c) = buffer::bytes_like(cx, what)? else {
        let got = cx.type_name(what);
        return raise!(
            cx,
            TypeError,
            "{name} first arg must be bytes or a tuple of bytes, not {got}"
        );
    };
    Ok(s.is_some_and(|s| test(s, &c)).into())
}

fn startswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "startswith", |s, p| s.starts_with(p))
}

fn endswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "endswith", |s, p| s.ends_with(p))
}

fn removeprefix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, p) = (this(cx, args)?, buffer::expect_bytes(cx, args.get(1))?);
    match s.strip_prefix(&*p) {
        Some(rest) => make(cx, args, rest),
        None => unchanged(cx, args, &s),
    }
}

fn removesuffix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, p) = (this(cx, args)?, buffer::expect_bytes(cx, args.get(1))?);
    match s.strip_suffix(&*p) {
        Some(rest) => make(cx, args, rest),
        None => unchanged(cx, args, &s),
    }
}

fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(cx, args)?;
    let (old, new) =
        (buffer::expect_bytes(cx, args.get(1))?, buffer::expect_bytes(cx, args.get(2))?);
    let max = max_count(cx, args.get(3))?;
    if max == 0 || old.len() > s.len() {
        return unchanged(cx, args, &s);
    }
    if old.is_empty() {
        let n = s.len().saturating_add(1).min(max);
        check_size(cx, new.len().checked_mul(n).and_then(|x| x.checked_add(s.len())))?;
        let out = search::interleave(&s, &new, max, |_, _| 1);
        return make(cx, args, &out);
    }
    check_replaced(cx, &s, [&old, &new], max)?;
    match search::replace(&s, &old, &new, max) {
        Some(out) => make(cx, args, &out),
        None => unchanged(cx, args, &s),
    }
}

/// A list of the parts that `run` hands out.
fn parts<'a>(
    cx: &mut Cx,
    args: Args<'_>,
    reversed: bool,
    run: impl FnOnce(&mut dyn FnMut(&'a [u8])),
) -> Completion<Value> {
    let mut out = RootVec::new();
    let mut result = Ok(());
    run(&mut |part| {
        if result.is_ok() {
            result = make(cx, args, part).and_then(|v| out.push(cx, v));
        }
    });
    result?;
    if reversed {
        super::text_args::reverse(&mut out);
    }
    new_list(cx, out)
}

fn split_args(cx: &mut Cx, args: Args<'_>) -> Completion<(Bytes, Option<Bytes>, usize)> {
    let sep = match args.not_none(1) {
        None => None,
        Some(v) => Some(buffer::expect_bytes(cx, v)?),
    };
    let max = max_count(cx, args.get(2))?;
    if sep.as_ref().is_some_and(|s| s.is_empty()) {
        return raise!(cx, ValueError, "empty separator");
    }
    Ok((this(cx, args)?, sep, max))
}

fn split(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, sep, max) = split_args(cx, args)?;
    parts(cx, args, false, |part| match &sep {
        Some(sep) => search::split(&s, sep, max, part),
        None => shape::bytes_split_space(&s, max, part),
    })
}

fn rsplit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, sep, max) = split_args(cx, args)?;
    parts(cx, args, true, |part| match &sep {
        Some(sep) => search::rsplit(&s, sep, max, part),
        None => shape::bytes_rsplit_space(&s, max, part),
    })
}

fn splitlines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let keep = protocol::truth(cx, args.get(1))?;
    let s = this(cx, args)?;
    parts(cx, args, false, |part| shape::bytes_lines(&s, keep, part))
}

fn partition_at(cx: &mut Cx, args: Args<'_>, last: bool) -> Completion<Value> {
    let (s, sep) = (this(cx, args)?, buffer::expect_bytes(cx, args.get(1))?);
    if sep.is_empty() {
        return raise!(cx, ValueError, "empty separator");
    }
    let at = if last { search::rfind(&s, &sep) } else { search::find(&s, &sep) };
    let pieces: [&[u8]; 3] = match at {
        Some(at) => [&s[..at], &sep, &s[at + sep.len()..]],
        None if last => [b"", b"", &s],
        None => [&s, b"", b""],
    };
    let mut out = [Value::UNBOUND; 3];
    for (v, piece) in out.iter_mut().zip(pieces) {
        *v = make(cx, args, piece)?;
    }
    cx.new_tuple(&out)
}

fn partition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    partition_at(cx, args, false)
}

fn rpartition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    partition_at(cx, args, true)
}

fn strip_ends(cx: &mut Cx, args: Args<'_>, ends: shape::Ends) -> Completion<Value> {
    let s = this(cx, args)?;
    let kept = match args.not_none(1) {
        None => shape::bytes_strip(&s, ends, shape::is_byte_space),
        Some(v) => {
            let set = buffer::expect_bytes(cx, v)?;
            shape::bytes_strip(&s, ends, |b| set.contains(&b))
        }
    };
    if kept.len() == s.len() { unchanged(cx, args, &s) } else { make(cx, args, kept) }
}

fn strip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Both)
}

fn lstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Left)
}

fn rstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Right)
}

fn join(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    let items = match protocol::collect(cx, v) {
        Ok(items) => items,
        Err(escape) => {
            let has = |s| protocol::find_special(cx, v, s).is_some();
            if has(crate::names::Special::Iter) || has(crate::names::Special::GetItem) {
                return Err(escape);
            }
            return raise!(cx, TypeError, "can only join an iterable");
        }
    };
    let sep = this(cx, args)?;
    let mut out = Vec::new();
    for (i, &item) in items.as_slice().iter().enumerate() {
        let Some(b) = buffer::bytes_like(cx, item)? else {
            let name = cx.type_name(item);
            return raise!(
                cx,
                TypeError,
                "sequence item {i}: expected a bytes-like object, {name} found"
            );
        };
        if i > 0 {
            out.extend_from_slice(&sep);
        }
        out.extend_from_slice(&b);
    }
    make(cx, args, &out)
}

/// A method that maps bytes to bytes.
macro_rules! mapped {
    ($($name:ident => $f:expr),* $(,)?) => {
        $(fn $name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
        $(fn $name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn center(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "center", shape::center_padding)
}

fn ljust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "ljust", |n, width| (0, width - n))
}

fn rjust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, "rjust", |n, width| (width - n, 0))
}

fn zfill(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let width = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let s = this(cx, args)?;
    if width <= s.len() {
        return unchanged(cx, args, &s);
    }
    check_size(cx, Some(width))?;
    make(cx, args, &shape::zfill(&s, s.len(), width))
}

fn expandtabs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let tab = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let s = this(cx, args)?;
    let out = shape::expand_tabs(&s, tab, false).or_raise(cx)?;
    make(cx, args, &out)
}

fn translate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn maketrans(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

/// The argument of `fromhex`.
pub(super) fn parse_hex(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
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

fn hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(cx, args)?;
    let out = hex_text(cx, &s, args.opt(1), args.get(2))?;
    string::new_ascii(cx, &out)
}

fn decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for (i, name) in [(1, "encoding"), (2, "errors")] {
        if let Some(v) = args.opt(i)
            && string::exact(v).is_none()
        {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "decode() argument '{name}' must be str, not {got}");
        }
    }
    let s = this(cx, args)?;
    let object = bytes::exact(args.this()).map_or(args.this(), Value::from);
    codec::decode(cx, object, &s, args.opt(1), args.opt(2))
}

fn compared(cx: &mut Cx, args: Args<'_>, op: CompareOp) -> Completion<Value> {
    // `bytes` knows only itself; `bytearray` compares with every buffer.
    let other = match bytes::exact(args.get(1)) {
        Some(b) => Some(Bytes::Borrowed(b.raw_bytes())),
        None if is_bytearray(args) => buffer::bytes_like(cx, args.get(1))?,
        None => None,
    };
    let Some(b) = other else {
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && cx.world.warns_bytes() {
            warn_of_comparison(cx, args)?;
        }
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let a = this(cx, args)?;
    Ok(match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        _ => op.holds(a.cmp(&b)),
    }
    .into())
}

#[cold]
fn warn_of_comparison(cx: &mut Cx, args: Args<'_>) -> Completion<()> {
    let text = match (is_bytearray(args), args.get(1)) {
        (true, v) if cx.is_a(v, T::str) => "Comparison between bytearray and string",
        (false, v) if cx.is_a(v, T::str) => "Comparison between bytes and string",
        (false, v) if cx.is_a(v, T::int) => "Comparison between bytes and int",
        _ => return Ok(()),
    };
    protocol::warn(cx, T::BytesWarning, text)
}

fn str_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if cx.world.warns_bytes() {
        let kind = if is_bytearray(args) { "bytearray" } else { "bytes" };
        protocol::warn(cx, T::BytesWarning, &format!("str() on a {kind} instance"))?;
    }
    repr(cx, args)
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = match args.this().obj() {
        Some(o) if o.kind() == Kind::ByteArray => bytearray::len(cx, o)?,
        _ => bytes::this(args).len(),
    };
    Ok(Value::small(n as i64))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(cx, args)?;
    let mut out = text_repr::bytes(&s);
    if is_bytearray(args) {
        let name = cx.type_name(args.this());
        out = text_repr::bytearray(&s, name);
        return new_text(cx, &out);
    }
    string::new_ascii(cx, &out)
}

fn modulo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let format = this(cx, args)?;
    let out = percent::apply(cx, &format, args.get(1), false)?;
    make(cx, args, &out)
}

fn rmodulo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match buffer::bytes_or_bytearray(cx, args.get(1))? {
        None => Ok(Value::NOT_IMPLEMENTED),
        Some(format) => {
            let out = percent::apply(cx, &format, args.get(0), false)?;
            make(cx, args, &out)
        }
    }
}

/// The bytes of an iterable of ints or a bytes-like object, for `extend` and slice assignment.
pub(super) fn bytes_or_ints(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    match buffer::bytes_like(cx, v)? {
        Some(b) => Ok(b.into_owned()),
        None => from_iterable(cx, v, "byte"),
    }
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// The shared rows.
pub(super) const SHARED: &[NativeDef] = &[
    row!("__contains__", "(self, key, /)", contains, "Return bool(key in self)."),
    row!(
        "__eq__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Eq),
        "Return self==value."
    ),
    row!(
        "__ge__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Ge),
        "Return self>=value."
    ),
    row!(
        "__gt__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Gt),
        "Return self>value."
    ),
    row!(
        "__iter__",
        "(self, /)",
        |cx, args| bytes_iter::new(cx, args.this()),
        "Implement iter(self)."
    ),
    row!(
        "__le__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Le),
        "Return self<=value."
    ),
    row!("__len__", "(self, /)", len, "Return len(self)."),
    row!(
        "__lt__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Lt),
        "Return self<value."
    ),
    row!("__mod__", "(self, value, /)", modulo, "Return self%value."),
    row!(
        "__ne__",
        "(self, value, /)",
        |cx, args| compared(cx, args, CompareOp::Ne),
        "Return self!=value."
    ),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!("__rmod__", "(self, value, /)", rmodulo, "Return value%self."),
    row!("__str__", "(self, /)", str_, "Return str(self)."),
    row!(
        "capitalize",
        "(self, /)",
        capitalize,
        "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first character capitalized (ASCII)\nand the rest lower-cased."
    ),
    row!(
        "center",
        "(self, width, fillchar=<space>, /)",
        center,
        "Return a centered string of length width.\n\nPadding is done using the specified fill character."
    ),
    row!(
        "count",
        "(self, sub, start=None, end=None, /)",
        count,
        "Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end]."
    ),
    row!(
        "decode",
        "(self, /, encoding=<utf-8>, errors=<strict>)",
        decode,
        "Decode the bytes using the codec registered for encoding."
    ),
    row!(
        "endswith",
        "(self, suffix, start=None, end=None, /)",
        endswith,
        "Return True if the bytes ends with the specified suffix, False otherwise."
    ),
    row!(
        "expandtabs",
        "(self, /, tabsize=8)",
        expandtabs,
        "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed."
    ),
    row!(
        "find",
        "(self, sub, start=None, end=None, /)",
        find,
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end]."
    ),
    row!(
        "hex",
        "(self, /, sep=<unset>, bytes_per_sep=1)",
        hex,
        "Create a string of hexadecimal numbers from a bytes object."
    ),
    row!(
        "index",
        "(self, sub, start=None, end=None, /)",
        index,
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end]."
    ),
    row!(
        "isalnum",
        "(self, /)",
        isalnum,
        "B.isalnum() -> bool\n\nReturn True if all characters in B are alphanumeric\nand there is at least one character in B, False otherwise."
    ),
    row!(
        "isalpha",
        "(self, /)",
        isalpha,
        "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand there is at least one character in B, False otherwise."
    ),
    row!(
        "isascii",
        "(self, /)",
        isascii,
        "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are ASCII,\nFalse otherwise."
    ),
    row!(
        "isdigit",
        "(self, /)",
        isdigit,
        "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand there is at least one character in B, False otherwise."
    ),
    row!(
        "islower",
        "(self, /)",
        islower,
        "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase and there is\nat least one cased character in B, False otherwise."
    ),
    row!(
        "isspace",
        "(self, /)",
        isspace,
        "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand there is at least one character in B, False otherwise."
    ),
    row!(
        "istitle",
        "(self, /)",
        istitle,
        "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is at least one\ncharacter in B, i.e. uppercase characters may only follow uncased\ncharacters and lowercase characters only cased ones. Return False\notherwise."
    ),
    row!(
        "isupper",
        "(self, /)",
        isupper,
        "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase and there is\nat least one cased character in B, False otherwise."
    ),
    row!(
        "join",
        "(self, iterable_of_bytes, /)",
        join,
        "Concatenate any number of bytes objects.\n\nThe bytes whose method is called is inserted in between each pair.\n\nThe result is returned as a new bytes object."
    ),
    row!(
        "ljust",
        "(self, width, fillchar=<space>, /)",
        ljust,
        "Return a left-justified string of length width.\n\nPadding is done using the specified fill character."
    ),
    row!(
        "lower",
        "(self, /)",
        lower,
        "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to lowercase."
    ),
    row!(
        "lstrip",
        "(self, bytes=None, /)",
        lstrip,
        "Strip leading bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading  ASCII whitespace."
    ),
    row!(
        "partition",
        "(self, sep, /)",
        partition,
        "Partition the bytes into three parts using the given separator."
    ),
    row!(
        "removeprefix",
        "(self, prefix, /)",
        removeprefix,
        "Return a bytes object with the given prefix string removed if present."
    ),
    row!(
        "removesuffix",
        "(self, suffix, /)",
        removesuffix,
        "Return a bytes object with the given suffix string removed if present."
    ),
    row!(
        "replace",
        "(self, old, new, count=-1, /)",
        replace,
        "Return a copy with all occurrences of substring old replaced by new."
    ),
    row!(
        "rfind",
        "(self, sub, start=None, end=None, /)",
        rfind,
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end]."
    ),
    row!(
        "rindex",
        "(self, sub, start=None, end=None, /)",
        rindex,
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end]."
    ),
    row!(
        "rjust",
        "(self, width, fillchar=<space>, /)",
        rjust,
        "Return a right-justified string of length width.\n\nPadding is done using the specified fill character."
    ),
    row!(
        "rpartition",
        "(self, sep, /)",
        rpartition,
        "Partition the bytes into three parts using the given separator."
    ),
    row!(
        "rsplit",
        "(self, /, sep=None, maxsplit=-1)",
        rsplit,
        "Return a list of the sections in the bytes, using sep as the delimiter.\n\nSplitting is done starting at the end of the bytes and working to the front."
    ),
    row!(
        "rstrip",
        "(self, bytes=None, /)",
        rstrip,
        "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip trailing ASCII whitespace."
    ),
    row!(
        "split",
        "(self, /, sep=None, maxsplit=-1)",
        split,
        "Return a list of the sections in the bytes, using sep as the delimiter."
    ),
    row!(
        "splitlines",
        "(self, /, keepends=False)",
        splitlines,
        "Return a list of the lines in the bytes, breaking at line boundaries."
    ),
    row!(
        "startswith",
        "(self, prefix, start=None, end=None, /)",
        startswith,
        "Return True if the bytes starts with the specified prefix, False otherwise."
    ),
    row!(
        "strip",
        "(self, bytes=None, /)",
        strip,
        "Strip leading and trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading and trailing ASCII whitespace."
    ),
    row!(
        "swapcase",
        "(self, /)",
        swapcase,
        "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII characters converted\nto lowercase ASCII and vice versa."
    ),
    row!(
        "title",
        "(self, /)",
        title,
        "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words start with uppercase\ncharacters, all remaining cased characters have lowercase."
    ),
    row!(
        "translate",
        "(self, table, /, delete=<empty>)",
        translate,
        "Return a copy with each character mapped by the given translation table."
    ),
    row!(
        "upper",
        "(self, /)",
        upper,
        "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to uppercase."
    ),
    row!(
        "zfill",
        "(self, width, /)",
        zfill,
        "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe original string is never truncated."
    ),
];
