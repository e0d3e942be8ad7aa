//! Methods that look for bytes: find, index, count, prefixes and suffixes, replace.

use super::{Bytes, make, this, unchanged};
use crate::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol, raise,
    text::search,
    types::{
        buffer,
        bytes::byte,
        text_args::{self, check_replaced, check_size, max_count, range},
    },
    value::Value,
};

/// A needle: an int as one byte, or bytes.
fn needle(cx: &mut Cx, v: Value) -> Completion<Bytes> {
    if let Some(b) = buffer::bytes_like(cx, v)? {
        return Ok(b);
    }
    if !protocol::convert::is_index(cx, v) {
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

pub(super) fn find(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(locate(cx, args, false)?.map_or(-1, |i| i as i64)))
}

pub(super) fn rfind(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(locate(cx, args, true)?.map_or(-1, |i| i as i64)))
}

fn must_find(cx: &mut Cx, at: Option<usize>) -> Completion<Value> {
    match at {
        Some(i) => Ok(Value::small(i as i64)),
        None => raise!(cx, ValueError, "subsection not found"),
    }
}

pub(super) fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, false)?;
    must_find(cx, at)
}

pub(super) fn rindex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, true)?;
    must_find(cx, at)
}

pub(super) fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, what) = (this(cx, args)?, needle(cx, args.get(1))?);
    let n = match range(cx, args.opt(2), args.opt(3), s.len())? {
        None => 0,
        Some((i, j)) if what.is_empty() => j - i + 1,
        Some((i, j)) => search::count(&s[i..j], &what),
    };
    Ok(Value::small(n as i64))
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
    if let Some(candidates) = what.obj().and_then(text_args::tuple_items) {
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

pub(super) fn startswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "startswith", |s, p| s.starts_with(p))
}

pub(super) fn endswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "endswith", |s, p| s.ends_with(p))
}

pub(super) fn removeprefix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, p) = (this(cx, args)?, buffer::expect_bytes(cx, args.get(1))?);
    match s.strip_prefix(&*p) {
        Some(rest) => make(cx, args, rest),
        None => unchanged(cx, args, &s),
    }
}

pub(super) fn removesuffix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, p) = (this(cx, args)?, buffer::expect_bytes(cx, args.get(1))?);
    match s.strip_suffix(&*p) {
        Some(rest) => make(cx, args, rest),
        None => unchanged(cx, args, &s),
    }
}

pub(super) fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
