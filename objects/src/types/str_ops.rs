//! `str` operators and construction: `str()`, `+`, `*`, `[]`, comparison, hash, `repr`.

use super::{
    str_search::this,
    text_args::{
        check_size, defers_to, item_index, new_part, new_text, repeat_count, slice_indices,
    },
};
use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::Args,
    protocol::{self, CompareOp},
    raise,
    text::{cp, repr as text_repr, shape},
    types::{T, codec, slice, str as string},
    value::Value,
};

/// `str.__new__`: the text of an object, or bytes decoded.
pub(super) fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (class, object) = (args.get(0), args.opt(1));
    let (encoding, errors) =
        (text_option(cx, args, 2, "encoding")?, text_option(cx, args, 3, "errors")?);
    let text = match object {
        None => cx.new_str("")?,
        Some(v) if encoding.is_none() && errors.is_none() => protocol::str_of(cx, v)?,
        Some(v) => decode_object(cx, v, encoding, errors)?,
    };
    wrap(cx, class, text, T::str, "str")
}

fn text_option(cx: &mut Cx, args: Args<'_>, i: usize, name: &str) -> Completion<Option<Value>> {
    match args.opt(i) {
        None => Ok(None),
        Some(v) if string::exact(v).is_some() => Ok(Some(v)),
        Some(v) => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "str() argument '{name}' must be str, not {got}")
        }
    }
}

fn decode_object(
    cx: &mut Cx,
    v: Value,
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Completion<Value> {
    if string::exact(v).is_some() {
        return raise!(cx, TypeError, "decoding str is not supported");
    }
    let Some(bytes) = super::buffer::bytes_like(cx, v)? else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "decoding to str: need a bytes-like object, {got} found");
    };
    codec::decode(cx, v, &bytes, encoding, errors)
}

/// `value` (of the builtin class `builtin`) as an instance of `class`, which is it or a subclass.
///
/// # Errors
/// `TypeError` when `class` does not derive from it.
pub(crate) fn wrap(
    cx: &mut Cx,
    class: Value,
    value: Value,
    builtin: T,
    name: &str,
) -> Completion<Value> {
    let base = cx.class(builtin);
    let Some(c) = class.obj().filter(|c| c.kind() == Kind::Type) else {
        let got = cx.type_name(class);
        return raise!(cx, TypeError, "{name}.__new__(X): X is not a type object ({got})");
    };
    if c == base {
        return Ok(value);
    }
    if !class::is_subclass(c, base) {
        let got = class::name(c);
        return raise!(cx, TypeError, "{name}.__new__({got}): {got} is not a subtype of {name}");
    }
    let value = exact_value(cx, value, builtin)?;
    let o = cx.new_instance(c)?;
    if class::has_flag(c, flag::PAYLOAD) {
        o.init(class::PAYLOAD, value);
    }
    Ok(o.into())
}

/// The builtin value inside an instance of a subclass; anything else as it is (`str(x)` may return a subclass).
fn exact_value(cx: &Cx, v: Value, builtin: T) -> Completion<Value> {
    match v.obj() {
        Some(o) if o.kind() == Kind::Instance && o.class() != cx.class(builtin) => {
            Ok(o.raw(class::PAYLOAD))
        }
        _ => Ok(v),
    }
}

/// `a + b` of two `Kind::Str` objects.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn concat(cx: &mut Cx, a: Obj, b: Obj) -> Completion<Value> {
    if b.is_empty() {
        return Ok(a.into());
    }
    if a.is_empty() {
        return Ok(b.into());
    }
    string::append(cx, a, b)
}

pub(super) fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match string::exact(args.get(1)) {
        Some(b) => concat(cx, this(args), b),
        None if defers_to(cx, args.get(1), Special::RAdd) => Ok(Value::NOT_IMPLEMENTED),
        None => {
            let name = cx.type_name(args.get(1));
            raise!(cx, TypeError, "can only concatenate str (not \"{name}\") to str")
        }
    }
}

pub(super) fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let Some(n) = repeat_count(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    if n == 1 || o.is_empty() {
        return Ok(o.into());
    }
    if o.len().checked_mul(n).is_none_or(|size| size > isize::MAX as usize) {
        return raise!(cx, OverflowError, "repeated string is too long");
    }
    let size = check_size(cx, o.len().checked_mul(n))?;
    let out = string::new_uninit(cx, size, string::n_chars(o) * n)?;
    fill_repeated(string::data_mut(out), string::bytes_of(o));
    Ok(out.into())
}

/// Fills `out`, whose length is a multiple of `unit`'s, with copies of `unit`.
pub(crate) fn fill_repeated(out: &mut [u8], unit: &[u8]) {
    match unit {
        [] => {}
        [b] => out.fill(*b),
        _ if out.is_empty() => {}
        _ => {
            out[..unit.len()].copy_from_slice(unit);
            let mut done = unit.len();
            while done < out.len() {
                let n = done.min(out.len() - done);
                out.copy_within(..n, done);
                done += n;
            }
        }
    }
}

/// `o[i]` for an index that may be negative.
///
/// # Errors
/// `IndexError`.
#[inline]
pub fn char_at(cx: &mut Cx, o: Obj, i: i64) -> Completion<Value> {
    let Some(i) = item_index(i, string::n_chars(o)) else {
        return raise!(cx, IndexError, "string index out of range");
    };
    let s = string::bytes_of(o);
    let at = string::byte_offset(o, i);
    let (c, w) = cp::decode(s, at);
    if c < 256 {
        return string::latin_char(cx, c as u8);
    }
    string::new_str_bytes(cx, &s[at..at + w], 1)
}

pub(super) fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, key) = (this(args), args.get(1));
    if let Some(i) = key.small_int() {
        return char_at(cx, o, i);
    }
    if cx.class_of(key) == cx.class(T::slice) {
        return substring(cx, o, key);
    }
    if !protocol::convert::is_index(cx, key) {
        let name = cx.type_name(key);
        return raise!(cx, TypeError, "string indices must be integers, not '{name}'");
    }
    let i = protocol::index_int(cx, key)?;
    match protocol::convert::as_i64(i) {
        Some(i) => char_at(cx, o, i),
        None => raise!(cx, IndexError, "cannot fit 'int' into an index-sized integer"),
    }
}

/// `o[start:stop]` of an exact string; `None` for bounds that were left out.
///
/// # Errors
/// `MemoryError`.
pub fn slice_of(cx: &mut Cx, o: Obj, start: Option<i64>, stop: Option<i64>) -> Completion<Value> {
    let n = string::n_chars(o);
    let b = slice::fit(cx, [start, stop, None], n)?;
    if b.len == n {
        return Ok(o.into());
    }
    contiguous(cx, o, b.start as usize, b.len)
}

fn contiguous(cx: &mut Cx, o: Obj, start: usize, len: usize) -> Completion<Value> {
    let s = string::bytes_of(o);
    if len == 0 {
        return Ok(cx.name(N::empty));
    }
    let (i, j) = (string::byte_offset(o, start), string::byte_offset(o, start + len));
    if string::is_ascii(o) {
        return if len == 1 {
            string::latin_char(cx, s[i])
        } else {
            string::new_ascii(cx, &s[i..j])
        };
    }
    string::new_str_bytes(cx, &s[i..j], len)
}

fn substring(cx: &mut Cx, o: Obj, key: Value) -> Completion<Value> {
    let n = string::n_chars(o);
    let (start, step, len) = slice_indices(cx, key, n)?;
    let s = string::bytes_of(o);
    if len == n && step == 1 {
        return Ok(o.into());
    }
    if step == 1 {
        return contiguous(cx, o, start, len);
    }
    let out = if string::is_ascii(o) {
        shape::bytes_stride(s, start, step, len)
    } else {
        shape::text_stride(s, start, step, len)
    };
    string::new_str_bytes(cx, &out, len)
}

pub(super) fn len(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(string::n_chars(this(args)) as i64))
}

/// Whether two `Kind::Str` objects hold the same text.
#[inline]
pub fn same(a: Obj, b: Obj) -> bool {
    a == b || (a.len() == b.len() && string::bytes_of(a) == string::bytes_of(b))
}

fn compared(args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let Some(b) = string::exact(args.get(1)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let a = this(args);
    Ok(match op {
        CompareOp::Eq => same(a, b),
        CompareOp::Ne => !same(a, b),
        // The byte order of (generalized) UTF-8 is the order of code points.
        _ => op.holds(string::bytes_of(a).cmp(string::bytes_of(b))),
    }
    .into())
}

pub(super) fn eq(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Eq)
}

pub(super) fn ne(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Ne)
}

pub(super) fn lt(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Lt)
}

pub(super) fn le(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Le)
}

pub(super) fn gt(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Gt)
}

pub(super) fn ge(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    compared(args, CompareOp::Ge)
}

pub(super) fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = string::hash(cx, this(args));
    cx.new_int(h)
}

pub(super) fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let out = text_repr::text(string::bytes_of(this(args)), false);
    new_text(cx, &out)
}

/// `ascii(v)`: `repr` with everything outside ASCII escaped.
///
/// # Errors
/// Whatever `__repr__` raises.
pub fn ascii(cx: &mut Cx, v: Value) -> Completion<Value> {
    let r = protocol::repr(cx, v)?;
    let Some(o) = string::exact(r) else { return Ok(r) };
    if string::is_ascii(o) {
        return Ok(r);
    }
    let mut out = Vec::with_capacity(o.len());
    for c in cp::iter(string::bytes_of(o)) {
        if c < 128 { out.push(c as u8) } else { text_repr::push_backslash(&mut out, c) }
    }
    string::new_ascii(cx, &out)
}

pub(super) fn str_(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(this(args).into())
}

pub(super) fn getnewargs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let copy = new_part(cx, o, string::bytes_of(o))?;
    cx.new_tuple(&[copy])
}

pub(super) fn sizeof(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(32 + this(args).len() as i64))
}

pub(super) fn encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let option = |cx: &mut Cx, i: usize, name: &str| match args.opt(i) {
        Some(v) if string::exact(v).is_none() => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "encode() argument '{name}' must be str, not {got}")
        }
        v => Ok(v),
    };
    let (encoding, errors) = (option(cx, 1, "encoding")?, option(cx, 2, "errors")?);
    codec::encode(cx, this(args), encoding, errors)
}
