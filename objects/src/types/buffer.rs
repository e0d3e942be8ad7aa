//! The bytes behind any bytes-like object: `bytes`, `bytearray`, `memoryview`, and what has `__buffer__`.

use std::borrow::Cow;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    protocol, raise,
    types::{T, bytearray, bytes, memoryview},
    value::Value,
};

/// Bytes of a `bytes` or `bytearray` (or subclass instance); `None` for anything else.
///
/// # Errors
/// The attempt's abort.
pub fn bytes_or_bytearray(cx: &mut Cx, v: Value) -> Completion<Option<Cow<'static, [u8]>>> {
    if let Some(b) = bytes::exact(v) {
        return Ok(Some(Cow::Borrowed(b.raw_bytes())));
    }
    match v.obj() {
        Some(o) if o.kind() == Kind::ByteArray => Ok(Some(bytearray::contents(cx, o)?)),
        _ => Ok(None),
    }
}

/// Bytes of any bytes-like object, in C order; `None` for anything else.
///
/// # Errors
/// The attempt's abort, `ValueError` for a released view, and whatever `__buffer__` raises.
pub fn bytes_like(cx: &mut Cx, v: Value) -> Completion<Option<Cow<'static, [u8]>>> {
    if let Some(b) = bytes_or_bytearray(cx, v)? {
        return Ok(Some(b));
    }
    if cx.class_of(v) == cx.class(T::memoryview) {
        return memoryview::contents(cx, v).map(Some);
    }
    if let Some(view) = view_of(cx, v)? {
        let contents = memoryview::contents(cx, view)?;
        if release_method(cx, v)?.is_unbound() {
            return Ok(Some(contents));
        }
        // What the exporter does now must not change what was read.
        let contents = Cow::Owned(contents.into_owned());
        give_back(cx, v, view)?;
        return Ok(Some(contents));
    }
    Ok(None)
}

fn release_method(cx: &mut Cx, owner: Value) -> Completion<Value> {
    let name = cx.intern("__release_buffer__")?;
    Ok(cx.lookup(cx.class_of(owner), name))
}

/// Tells `owner` that `view`, which its `__buffer__` has given, is not used any more.
///
/// # Errors
/// Whatever `__release_buffer__` raises.
pub(crate) fn give_back(cx: &mut Cx, owner: Value, view: Value) -> Completion<()> {
    let f = release_method(cx, owner)?;
    if f.is_bound() {
        protocol::call::call_unbound(cx, f, owner, &[view], &[])?;
    }
    Ok(())
}

/// The `memoryview` that `v.__buffer__(flags)` gives.
pub(crate) fn view_of(cx: &mut Cx, v: Value) -> Completion<Option<Value>> {
    const FULL_RO: i64 = 0x11C;
    let Some(view) = protocol::call_special(cx, v, Special::Buffer, &[Value::small(FULL_RO)])?
    else {
        return Ok(None);
    };
    if cx.class_of(view) == cx.class(T::memoryview) {
        return Ok(Some(view));
    }
    let name = cx.type_name(view);
    raise!(cx, TypeError, "__buffer__ returned non-memoryview object (type {name})")
}

/// Whether `v` exports a buffer.
pub fn is_bytes_like(cx: &Cx, v: Value) -> bool {
    bytes::exact(v).is_some()
        || v.obj().is_some_and(|o| o.kind() == Kind::ByteArray)
        || cx.class_of(v) == cx.class(T::memoryview)
        || protocol::find_special(cx, v, Special::Buffer).is_some()
}

/// As [`bytes_like`], or the `TypeError` "a bytes-like object is required, not '...'".
///
/// # Errors
/// As said, and as [`bytes_like`].
pub fn expect_bytes(cx: &mut Cx, v: Value) -> Completion<Cow<'static, [u8]>> {
    match bytes_like(cx, v)? {
        Some(b) => Ok(b),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "a bytes-like object is required, not '{name}'")
        }
    }
}
