//! The containers that instructions build, behind one small face.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    protocol, raise,
    types::{T, list, set, slice},
    value::Value,
};

/// A new list of these items.
///
/// # Errors
/// `MemoryError`.
pub fn new_list(cx: &mut Cx, items: &[Value]) -> Completion<Value> {
    list::from_slice(cx, items).map(Value::from)
}

/// Appends to a list.
///
/// # Errors
/// `MemoryError`.
pub fn push(cx: &mut Cx, list: Value, item: Value) -> Completion<()> {
    match list.obj() {
        Some(l) => list::push(cx, l, item),
        None => Ok(()),
    }
}

/// A new set of these items.
///
/// # Errors
/// Whatever hashing raises.
pub fn new_set(cx: &mut Cx, items: &[Value]) -> Completion<Value> {
    let s = set::new(cx)?;
    for &item in items {
        set::add(cx, s, item)?;
    }
    Ok(s.into())
}

/// Adds to a set.
///
/// # Errors
/// Whatever hashing raises; `SystemError` if it is none: programs can put anything where a module's annotations keep theirs.
pub fn add(cx: &mut Cx, set: Value, item: Value) -> Completion<()> {
    match set.obj().filter(|s| s.kind() == Kind::Set) {
        Some(s) => set::add(cx, s, item).map(|_| ()),
        None => {
            let name = cx.type_name(set);
            raise!(cx, SystemError, "expected a set, got '{name}'")
        }
    }
}

/// A slice.
///
/// # Errors
/// `MemoryError`.
pub fn new_slice(cx: &mut Cx, parts: &[Value]) -> Completion<Value> {
    match *parts {
        [start, stop, step] => slice::new_slice(cx, start, stop, step),
        _ => protocol::call(cx, cx.class(T::slice).into(), parts),
    }
}
