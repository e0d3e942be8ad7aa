//! The containers that instructions build, behind one small face.

use taipan_objects::{cx::Cx, exc::Completion, names::N, protocol, types::T, value::Value};

/// A new list of these items.
///
/// # Errors
/// `MemoryError`.
pub fn new_list(cx: &mut Cx, items: &[Value]) -> Completion<Value> {
    let tuple = cx.new_tuple(items)?;
    let class = cx.class(T::list);
    protocol::call(cx, class.into(), &[tuple])
}

/// Appends to a list.
///
/// # Errors
/// `MemoryError`.
pub fn push(cx: &mut Cx, list: Value, item: Value) -> Completion<()> {
    let name = cx.name(N::append);
    protocol::call_method(cx, list, name, &[item])?;
    Ok(())
}

/// A new set of these items.
///
/// # Errors
/// Whatever hashing raises.
pub fn new_set(cx: &mut Cx, items: &[Value], class: T) -> Completion<Value> {
    let tuple = cx.new_tuple(items)?;
    let class = cx.class(class);
    protocol::call(cx, class.into(), &[tuple])
}

/// Adds to a set.
///
/// # Errors
/// Whatever hashing raises.
pub fn add(cx: &mut Cx, set: Value, item: Value) -> Completion<()> {
    let name = cx.name(N::add);
    protocol::call_method(cx, set, name, &[item])?;
    Ok(())
}

/// A slice.
///
/// # Errors
/// `MemoryError`.
pub fn new_slice(cx: &mut Cx, parts: &[Value]) -> Completion<Value> {
    let class = cx.class(T::slice);
    protocol::call(cx, class.into(), parts)
}
