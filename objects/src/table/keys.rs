//! Keys: their hashes as the tables keep them, and which are equal without running code.

use crate::{
    cx::Cx,
    exc::{self, Completion, Escape},
    heap::{Kind, Obj},
    protocol,
    types::{T, str as string, tuple},
    value::Value,
};

/// A hash as the tables keep it.
#[inline(always)]
pub fn hash_word(h: i64) -> Value {
    Value::small(h)
}

/// The hash of a key whose hash runs no code: an inline int or an exact string.
#[inline(always)]
pub fn quick_hash(cx: &Cx, key: Value) -> Option<Value> {
    if key.is_small() {
        return Some(if key == Value::small(-1) { Value::small(-2) } else { key });
    }
    match key.obj() {
        Some(o) if o.kind() == Kind::Str => Some(hash_word(string::hash(cx, o))),
        _ => None,
    }
}

/// The hash of any key, as the tables keep it.
///
/// # Errors
/// `TypeError` for unhashable keys, and whatever `__hash__` raises.
#[inline]
pub fn key_hash(cx: &mut Cx, key: Value) -> Completion<Value> {
    match quick_hash(cx, key) {
        Some(h) => Ok(h),
        None => hash_any(cx, key),
    }
}

#[inline(never)]
fn hash_any(cx: &mut Cx, key: Value) -> Completion<Value> {
    general_hash(cx, key, "a dict key")
}

/// The hash of any value that is used as `what`, as the tables keep it.
///
/// # Errors
/// `TypeError` for unhashable values, and whatever `__hash__` raises.
pub fn general_hash(cx: &mut Cx, key: Value, what: &str) -> Completion<Value> {
    let h = match key.obj() {
        Some(o) if o.kind() == Kind::Tuple => tuple::hash_items(cx, o.items()),
        _ => protocol::hash(cx, key),
    };
    h.map(hash_word).map_err(|escape| explain(cx, key, what, escape))
}

/// Says in the text of a `TypeError` what the unhashable value was to be used as.
#[cold]
fn explain(cx: &mut Cx, key: Value, what: &str, escape: Escape) -> Escape {
    let Some(e) = escape.exception().filter(|e| e.class() == cx.class(T::TypeError)) else {
        return escape;
    };
    match protocol::convert::str_text(cx, e.into()) {
        Ok(text) => {
            let name = cx.type_name(key);
            let text = format!("cannot use '{name}' as {what} ({text})");
            exc::raise_message(cx, T::TypeError, &text)
        }
        Err(other) => other,
    }
}

/// Whether two different words with equal hashes are equal keys, when that can be told without running code.
#[cold]
pub(crate) fn same_by_value(a: Value, b: Value, depth: u32) -> Option<bool> {
    match (a.obj(), b.obj()) {
        (None, None) => Some(same_immediate(a, b)),
        (Some(x), Some(y)) => match (x.kind(), y.kind()) {
            (Kind::Str, Kind::Str) => Some(
                !(string::is_interned(x) && string::is_interned(y))
                    && string::bytes_of(x) == string::bytes_of(y),
            ),
            (Kind::Bytes, Kind::Bytes) => Some(x.raw_bytes() == y.raw_bytes()),
            (Kind::Tuple, Kind::Tuple) => same_tuples(x, y, depth),
            (Kind::Str | Kind::Bytes | Kind::Tuple, Kind::Str | Kind::Bytes | Kind::Tuple) => {
                Some(false)
            }
            _ => None,
        },
        (Some(x), None) | (None, Some(x)) => match x.kind() {
            Kind::Str | Kind::Bytes | Kind::Tuple | Kind::Native | Kind::Type => Some(false),
            _ => None,
        },
    }
}

fn same_immediate(a: Value, b: Value) -> bool {
    let number = |v: Value| match v {
        Value::TRUE => Some(1.0),
        Value::FALSE => Some(0.0),
        // Inline ints have 51 bits, so the conversion is exact.
        v if v.is_small() => Some(v.as_small() as f64),
        v => v.float_value(),
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x == y,
        _ => false,
    }
}

fn same_tuples(x: Obj, y: Obj, depth: u32) -> Option<bool> {
    if x.len() != y.len() {
        return Some(false);
    }
    if depth > 20 {
        return None;
    }
    for (&a, &b) in x.items().iter().zip(y.items()) {
        if a != b && !same_by_value(a, b, depth + 1)? {
            return Some(false);
        }
    }
    Some(true)
}
