//! Calls of builtin classes that programs make all the time, without the detour over `__new__` and `__init__`.
//!
//! - Holds: each does what `type.__call__` would do with these arguments, or leaves the call to it.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol,
    types::{T, dict, list, range, set, tuple},
    value::Value,
};

/// `class(*args)` for a builtin class; `UNBOUND` leaves it to the general way.
///
/// # Errors
/// Whatever the construction raises.
pub(super) fn builtin(cx: &mut Cx, class: Obj, args: &[Value]) -> Completion<Value> {
    match *args {
        [] => empty(cx, class),
        [v] => from_one(cx, class, v),
        [start, stop] if class == cx.class(T::range) => {
            small_range(cx, start, stop, Value::small(1))
        }
        [start, stop, step] if class == cx.class(T::range) => small_range(cx, start, stop, step),
        _ => Ok(Value::UNBOUND),
    }
}

fn empty(cx: &mut Cx, class: Obj) -> Completion<Value> {
    if class == cx.class(T::list) {
        return list::new(cx).map(Value::from);
    }
    if class == cx.class(T::dict) {
        return dict::new(cx).map(Value::from);
    }
    if class == cx.class(T::set) {
        return set::new(cx).map(Value::from);
    }
    if class == cx.class(T::tuple) {
        return Ok(cx.world.empty_tuple());
    }
    Ok(Value::UNBOUND)
}

fn from_one(cx: &mut Cx, class: Obj, v: Value) -> Completion<Value> {
    if class == cx.class(T::range) {
        return small_range(cx, Value::small(0), v, Value::small(1));
    }
    if class == cx.class(T::list) {
        return list::from_iterable(cx, v).map(Value::from);
    }
    if class == cx.class(T::tuple) {
        return tuple::from_iterable(cx, v);
    }
    if class == cx.class(T::set) {
        return set::from_iterable(cx, v).map(Value::from);
    }
    if class == cx.class(T::frozenset) {
        if v.obj().is_some_and(|o| o.kind() == Kind::FrozenSet) {
            return Ok(v);
        }
        let made = set::from_iterable(cx, v)?;
        return set::freeze(cx, made).map(Value::from);
    }
    if class == cx.class(T::str) {
        return protocol::str_of(cx, v);
    }
    if class == cx.class(T::int) && v.is_small() {
        return Ok(v);
    }
    if class == cx.class(T::float) && v.is_float() {
        return Ok(v);
    }
    if class == cx.class(T::float) && v.is_small() {
        return Ok(Value::float(v.as_small() as f64));
    }
    if class == cx.class(T::bool) {
        return protocol::truth(cx, v).map(Value::bool);
    }
    Ok(Value::UNBOUND)
}

fn small_range(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Completion<Value> {
    if start.is_small() && stop.is_small() && step.is_small() && step != Value::small(0) {
        return range::new_range(cx, start, stop, step);
    }
    Ok(Value::UNBOUND)
}
