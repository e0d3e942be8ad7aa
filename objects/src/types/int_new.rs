//! `int(...)`: the constructor and everything it converts from.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    native::Args,
    num::big::{BigInt, text::parse_int},
    protocol::{
        call_special,
        convert::{as_i64, as_int, repr_text, subclass_returned},
        find_special, index_int,
    },
    raise,
    types::{
        T,
        number::{OrRaise, float_of, instance_of, lossy, new_big},
        str as string,
    },
    value::Value,
};

/// `int.__new__(cls, x=0, /, base=10)`
pub(super) fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = match (args.opt(1), args.opt(2)) {
        (None, None) => Value::small(0),
        (None, Some(_)) => return raise!(cx, TypeError, "int() missing string argument"),
        (Some(x), None) => to_int(cx, x)?,
        (Some(x), Some(base)) => with_base(cx, x, base)?,
    };
    instance_of(cx, args.get(0), T::int, v)
}

/// `int(x)` as an exact value.
///
/// # Errors
/// `TypeError`, `ValueError`, `OverflowError`, and whatever conversion methods raise.
pub fn to_int(cx: &mut Cx, x: Value) -> Completion<Value> {
    if x.is_small() {
        return Ok(x);
    }
    if let Some(f) = x.float_value() {
        return float_to_int(cx, f);
    }
    if let Some(r) = call_special(cx, x, Special::Int, &[])? {
        if let Some(i) = as_int(r) {
            subclass_returned(cx, "__int__", r, T::int)?;
            return Ok(i);
        }
        let name = cx.type_name(r);
        return raise!(cx, TypeError, "__int__ returned non-int (type {name})");
    }
    if find_special(cx, x, Special::Index).is_some() {
        return index_int(cx, x);
    }
    if let Some(f) = float_of(x) {
        return float_to_int(cx, f);
    }
    match text_bytes(cx, x)? {
        Some(text) => parse(cx, x, text, 10),
        None => {
            let name = cx.type_name(x);
            raise!(
                cx,
                TypeError,
                "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
            )
        }
    }
}

/// The integer part of a float.
///
/// # Errors
/// `OverflowError` for infinities, `ValueError` for NaN.
pub fn float_to_int(cx: &mut Cx, f: f64) -> Completion<Value> {
    // Strictly inside the range, the cast truncates exactly.
    if f.abs() < 9.2e18 {
        return cx.new_int(f as i64);
    }
    let big = BigInt::from_f64(f).or_raise(cx)?;
    new_big(cx, &big)
}

fn with_base(cx: &mut Cx, x: Value, base: Value) -> Completion<Value> {
    let base = index_int(cx, base)?;
    let base = match as_i64(base).and_then(|b| u32::try_from(b).ok()) {
        Some(b) if b == 0 || (2..=36).contains(&b) => b,
        _ => return raise!(cx, ValueError, "int() base must be >= 2 and <= 36, or 0"),
    };
    let is_text = string::exact(x).is_some() || is_bytes(cx, x);
    match is_text.then(|| text_bytes(cx, x)).transpose()?.flatten() {
        Some(text) => parse(cx, x, text, base),
        None => raise!(cx, TypeError, "int() can't convert non-string with explicit base"),
    }
}

fn is_bytes(cx: &Cx, x: Value) -> bool {
    cx.is_a(x, T::bytes) || cx.is_a(x, T::bytearray)
}

/// The text in a string or in an object with a buffer.
fn text_bytes(cx: &mut Cx, x: Value) -> Completion<Option<&'static [u8]>> {
    if let Some(s) = string::exact(x) {
        return Ok(Some(string::bytes_of(s)));
    }
    if is_bytes(cx, x) || find_special(cx, x, Special::Buffer).is_some() {
        return bytes_like(cx, x).map(Some);
    }
    Ok(None)
}

/// The bytes of a bytes-like object, copied unless it is `bytes` itself.
///
/// # Errors
/// `TypeError` if it has no buffer.
pub fn bytes_like(cx: &mut Cx, x: Value) -> Completion<&'static [u8]> {
    if let Some(o) = x.obj().filter(|o| o.kind() == Kind::Bytes) {
        return Ok(o.raw_bytes());
    }
    let class = cx.class(T::bytes);
    let made = crate::protocol::call(cx, class.into(), &[x])?;
    match made.obj().filter(|o| o.kind() == Kind::Bytes) {
        Some(o) => Ok(o.raw_bytes()),
        None => {
            let name = class::name(cx.class_of(x));
            raise!(cx, TypeError, "a bytes-like object is required, not '{name}'")
        }
    }
}

fn parse(cx: &mut Cx, x: Value, text: &[u8], base: u32) -> Completion<Value> {
    match parse_int(&lossy(text), base, cx.world.int_max_str_digits()) {
        Ok(n) => new_big(cx, &n),
        Err(error) => {
            let repr = repr_text(cx, x)?;
            let repr = shorten(&repr);
            Err(error.into_num_error(repr, base)).or_raise(cx)
        }
    }
}

/// CPython quotes at most 200 characters of the argument.
fn shorten(repr: &str) -> &str {
    match repr.char_indices().nth(200) {
        Some((end, _)) => &repr[..end],
        None => repr,
    }
}
