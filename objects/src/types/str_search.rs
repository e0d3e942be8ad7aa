//! `str` methods that look for text: find, count, replace, split, partition, strip, prefixes, join.

use super::text_args::{
    check_replaced, check_size, max_count, new_list, new_part, new_text, range, reverse, str_arg,
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    protocol::{self, RootVec},
    raise,
    text::{classify, cp, search, shape},
    types::str as string,
    value::Value,
};

/// The receiver of a `str` method.
#[inline]
pub(crate) fn this(args: Args<'_>) -> Obj {
    let v = args.this();
    string::exact(v).unwrap_or_else(|| args.this_obj())
}

/// Haystack, needle, and the byte range of the haystack in which to look, if any.
type Window = (Obj, Obj, Option<(usize, usize)>);

/// Where to look: needle, and byte range of the haystack, or `None` if nothing can be found there.
fn window(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Window> {
    let (hay, needle) = (this(args), str_arg(cx, args.get(1), name, 1)?);
    let found = range(cx, args.opt(2), args.opt(3), string::n_chars(hay))?;
    let bytes = found.map(|(i, j)| (string::byte_offset(hay, i), string::byte_offset(hay, j)));
    Ok((hay, needle, bytes))
}

fn locate(cx: &mut Cx, args: Args<'_>, name: &str, last: bool) -> Completion<Option<usize>> {
    let (hay, needle, bytes) = window(cx, args, name)?;
    let Some((i, j)) = bytes else { return Ok(None) };
    let (s, needle) = (&string::bytes_of(hay)[i..j], string::bytes_of(needle));
    let at = if last { search::rfind(s, needle) } else { search::find(s, needle) };
    Ok(at.map(|at| string::char_index(hay, i + at)))
}

fn index_or(at: Option<usize>) -> Value {
    Value::small(at.map_or(-1, |i| i as i64))
}

pub(super) fn find(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    locate(cx, args, "find", false).map(index_or)
}

pub(super) fn rfind(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    locate(cx, args, "rfind", true).map(index_or)
}

fn must_find(cx: &mut Cx, at: Option<usize>) -> Completion<Value> {
    match at {
        Some(_) => Ok(index_or(at)),
        None => raise!(cx, ValueError, "substring not found"),
    }
}

pub(super) fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, "index", false)?;
    must_find(cx, at)
}

pub(super) fn rindex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = locate(cx, args, "rindex", true)?;
    must_find(cx, at)
}

pub(super) fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (hay, needle, bytes) = window(cx, args, "count")?;
    let n = match bytes {
        None => 0,
        Some((i, j)) => {
            let (s, needle) = (&string::bytes_of(hay)[i..j], string::bytes_of(needle));
            if needle.is_empty() { cp::count(s) + 1 } else { search::count(s, needle) }
        }
    };
    Ok(Value::small(n as i64))
}

pub(super) fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(needle) = string::exact(args.get(1)) else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "'in <string>' requires string as left operand, not {name}");
    };
    Ok(search::find(string::bytes_of(this(args)), string::bytes_of(needle)).is_some().into())
}

fn affix(
    cx: &mut Cx,
    args: Args<'_>,
    name: &str,
    test: fn(&[u8], &[u8]) -> bool,
) -> Completion<Value> {
    let (o, what) = (this(args), args.get(1));
    let many = what.obj().filter(|t| t.kind() == Kind::Tuple);
    let candidates = many.map_or(std::slice::from_ref(&what), |t| t.items());
    let place = range(cx, args.opt(2), args.opt(3), string::n_chars(o))?;
    let s = place
        .map(|(i, j)| &string::bytes_of(o)[string::byte_offset(o, i)..string::byte_offset(o, j)]);
    for &c in candidates {
        let Some(c) = string::exact(c) else {
            let got = cx.type_name(c);
            return match many {
                Some(_) => {
                    raise!(cx, TypeError, "tuple for {name} must only contain str, not {got}")
                }
                None => raise!(
                    cx,
                    TypeError,
                    "{name} first arg must be str or a tuple of str, not {got}"
                ),
            };
        };
        if s.is_some_and(|s| test(s, string::bytes_of(c))) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub(super) fn startswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "startswith", |s, p| s.starts_with(p))
}

pub(super) fn endswith(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    affix(cx, args, "endswith", |s, p| s.ends_with(p))
}

fn one_str(cx: &mut Cx, v: Value, name: &str) -> Completion<Obj> {
    match string::exact(v) {
        Some(o) => Ok(o),
        None => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "{name}() argument must be str, not {got}")
        }
    }
}

pub(super) fn removeprefix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, p) = (this(args), one_str(cx, args.get(1), "removeprefix")?);
    match string::bytes_of(o).strip_prefix(string::bytes_of(p)) {
        Some(rest) => new_part(cx, o, rest),
        None => Ok(o.into()),
    }
}

pub(super) fn removesuffix(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, p) = (this(args), one_str(cx, args.get(1), "removesuffix")?);
    match string::bytes_of(o).strip_suffix(string::bytes_of(p)) {
        Some(rest) => new_part(cx, o, rest),
        None => Ok(o.into()),
    }
}

pub(super) fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let old = string::bytes_of(str_arg(cx, args.get(1), "replace", 1)?);
    let new = string::bytes_of(str_arg(cx, args.get(2), "replace", 2)?);
    let max = max_count(cx, args.get(3))?;
    let s = string::bytes_of(o);
    if max == 0 || old.len() > s.len() {
        return Ok(o.into());
    }
    if old.is_empty() {
        let n = string::n_chars(o).saturating_add(1).min(max);
        check_size(cx, new.len().checked_mul(n).and_then(|x| x.checked_add(s.len())))?;
        let out = search::interleave(s, new, max, |s, at| cp::width(s[at]));
        return new_text(cx, &out);
    }
    check_replaced(cx, s, [old, new], max)?;
    match search::replace(s, old, new, max) {
        Some(out) => new_text(cx, &out),
        None => Ok(o.into()),
    }
}

/// A list of the parts that `run` hands out.
fn parts(
    cx: &mut Cx,
    whole: Obj,
    reversed: bool,
    run: impl FnOnce(&mut dyn FnMut(&'static [u8])),
) -> Completion<Value> {
    let mut out = RootVec::new();
    let mut result = Ok(());
    run(&mut |part| {
        if result.is_ok() {
            result = push_part(cx, &mut out, whole, part);
        }
    });
    result?;
    if reversed {
        reverse(&mut out);
    }
    new_list(cx, out)
}

fn push_part(cx: &mut Cx, out: &mut RootVec, whole: Obj, part: &'static [u8]) -> Completion<()> {
    // A part as long as the whole is the whole.
    let v = if part.len() == whole.len() { whole.into() } else { new_part(cx, whole, part)? };
    out.push(cx, v)
}

fn split_args(cx: &mut Cx, args: Args<'_>) -> Completion<(Obj, Option<&'static [u8]>, usize)> {
    let sep = match args.not_none(1) {
        None => None,
        Some(v) => match string::exact(v) {
            Some(o) => Some(string::bytes_of(o)),
            None => {
                let name = cx.type_name(v);
                return raise!(cx, TypeError, "must be str or None, not {name}");
            }
        },
    };
    let max = max_count(cx, args.get(2))?;
    if sep.is_some_and(<[u8]>::is_empty) {
        return raise!(cx, ValueError, "empty separator");
    }
    Ok((this(args), sep, max))
}

pub(super) fn split(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, sep, max) = split_args(cx, args)?;
    let s = string::bytes_of(o);
    parts(cx, o, false, |part| match sep {
        Some(sep) => search::split(s, sep, max, part),
        None => shape::text_split_space(s, max, part),
    })
}

pub(super) fn rsplit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, sep, max) = split_args(cx, args)?;
    let s = string::bytes_of(o);
    parts(cx, o, true, |part| match sep {
        Some(sep) => search::rsplit(s, sep, max, part),
        None => shape::text_rsplit_space(s, max, part),
    })
}

pub(super) fn splitlines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let keep = protocol::truth(cx, args.get(1))?;
    let s = string::bytes_of(o);
    parts(cx, o, false, |part| shape::text_lines(s, keep, part))
}

fn separator(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let Some(sep) = string::exact(v) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "must be str, not {name}");
    };
    if sep.is_empty() {
        return raise!(cx, ValueError, "empty separator");
    }
    Ok(sep)
}

fn three(cx: &mut Cx, o: Obj, sep: Obj, at: usize) -> Completion<Value> {
    let s = string::bytes_of(o);
    let head = new_part(cx, o, &s[..at])?;
    let tail = new_part(cx, o, &s[at + sep.len()..])?;
    cx.new_tuple(&[head, sep.into(), tail])
}

pub(super) fn partition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, sep) = (this(args), separator(cx, args.get(1))?);
    match search::find(string::bytes_of(o), string::bytes_of(sep)) {
        Some(at) => three(cx, o, sep, at),
        None => {
            let empty = cx.new_str("")?;
            cx.new_tuple(&[o.into(), empty, empty])
        }
    }
}

pub(super) fn rpartition(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, sep) = (this(args), separator(cx, args.get(1))?);
    match search::rfind(string::bytes_of(o), string::bytes_of(sep)) {
        Some(at) => three(cx, o, sep, at),
        None => {
            let empty = cx.new_str("")?;
            cx.new_tuple(&[empty, empty, o.into()])
        }
    }
}

fn strip_ends(cx: &mut Cx, args: Args<'_>, name: &str, ends: shape::Ends) -> Completion<Value> {
    let o = this(args);
    let s = string::bytes_of(o);
    let kept = match args.not_none(1) {
        None => shape::text_strip(s, ends, classify::is_space),
        Some(v) => {
            let Some(set) = string::exact(v) else {
                return raise!(cx, TypeError, "{name} arg must be None or str");
            };
            let set = string::bytes_of(set);
            match set {
                [b] if *b < 128 => shape::bytes_strip(s, ends, |x| x == *b),
                _ => {
                    let points: Vec<u32> = cp::iter(set).collect();
                    shape::text_strip(s, ends, |c| points.contains(&c))
                }
            }
        }
    };
    if kept.len() == s.len() { Ok(o.into()) } else { new_part(cx, o, kept) }
}

pub(super) fn strip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, "strip", shape::Ends::Both)
}

pub(super) fn lstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, "lstrip", shape::Ends::Left)
}

pub(super) fn rstrip(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    strip_ends(cx, args, "rstrip", shape::Ends::Right)
}

pub(super) fn join(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = match protocol::collect(cx, args.get(1)) {
        Ok(items) => items,
        Err(escape) => return Err(not_iterable(cx, args.get(1), escape)),
    };
    join_values(cx, this(args), items.as_slice())
}

/// `join` words the error for what cannot be iterated in its own way.
#[cold]
fn not_iterable(cx: &mut Cx, v: Value, escape: crate::exc::Escape) -> crate::exc::Escape {
    use crate::{names::Special, types::T};
    let has = |s| protocol::find_special(cx, v, s).is_some();
    if has(Special::Iter) || has(Special::GetItem) {
        return escape;
    }
    crate::exc::raise_message(cx, T::TypeError, "can only join an iterable")
}

/// `sep.join(items)`: one pass to measure, one to copy.
///
/// # Errors
/// `TypeError` for an item that is no string.
pub fn join_values(cx: &mut Cx, sep: Obj, items: &[Value]) -> Completion<Value> {
    match items {
        [] => return cx.new_str(""),
        [one] if one.obj().is_some_and(|o| o.kind() == Kind::Str) => return Ok(*one),
        _ => {}
    }
    let gaps = items.len() - 1;
    let (mut bytes, mut chars) =
        (sep.len().saturating_mul(gaps), string::n_chars(sep).saturating_mul(gaps));
    for (i, &v) in items.iter().enumerate() {
        let Some(o) = string::exact(v) else {
            let name = cx.type_name(v);
            return raise!(cx, TypeError, "sequence item {i}: expected str instance, {name} found");
        };
        bytes = bytes.saturating_add(o.len());
        chars += string::n_chars(o);
    }
    let bytes = check_size(cx, Some(bytes))?;
    let sep = string::bytes_of(sep);
    let out = string::new_uninit(cx, bytes, chars)?;
    let mut rest = string::data_mut(out);
    for (i, &v) in items.iter().enumerate() {
        if i > 0 {
            rest = put(rest, sep);
        }
        if let Some(o) = string::exact(v) {
            rest = put(rest, string::bytes_of(o));
        }
    }
    Ok(out.into())
}

#[inline(always)]
fn put<'a>(out: &'a mut [u8], s: &[u8]) -> &'a mut [u8] {
    let (head, tail) = out.split_at_mut(s.len());
    head.copy_from_slice(s);
    tail
}
