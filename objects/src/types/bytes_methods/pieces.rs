//! Methods that take bytes apart or put them together: split, partition, strip, join.

use super::{Bytes, make, this, unchanged};
use crate::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol::{self, RootVec},
    raise,
    text::{search, shape},
    types::{
        buffer,
        text_args::{self, max_count, new_list},
    },
    value::Value,
};

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
        text_args::reverse(&mut out);
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

pub(super) fn split(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, sep, max) = split_args(cx, args)?;
    parts(cx, args, false, |part| match &sep {
        Some(sep) => search::split(&s, sep, max, part),
        None => shape::bytes_split_space(&s, max, part),
    })
}

pub(super) fn rsplit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, sep, max) = split_args(cx, args)?;
    parts(cx, args, true, |part| match &sep {
        Some(sep) => search::rsplit(&s, sep, max, part),
        None => shape::bytes_rsplit_space(&s, max, part),
    })
}

pub(super) fn splitlines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn partition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    partition_at(cx, args, false)
}

pub(super) fn rpartition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn strip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Both)
}

pub(super) fn lstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Left)
}

pub(super) fn rstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, shape::Ends::Right)
}

pub(super) fn join(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
