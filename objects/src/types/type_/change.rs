//! Changes of a class: its attributes, and whatever else is read without a barrier.
//!
//! Holds: a change happens while no other attempt is under way, and raises the type epoch, which caches go by.

use super::class_arg;
use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::Obj,
    native::Args,
    protocol, raise,
    types::{descr, dict, str as string},
    value::Value,
};

pub(super) fn setattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    set_attribute(cx, class, name, args.get(2))?;
    Ok(Value::NONE)
}

pub(super) fn delattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    set_attribute(cx, class, name, Value::UNBOUND)?;
    Ok(Value::NONE)
}

/// Sets (or deletes, with `UNBOUND`) an attribute of a class.
///
/// # Errors
/// `TypeError` for immutable classes, `AttributeError` when deleting what is not there.
pub fn set_attribute(cx: &mut Cx, class: Obj, name: Value, v: Value) -> Completion<()> {
    let on_meta = cx.lookup(class.class(), name);
    if on_meta.is_bound() && descr::set(cx, on_meta, class.into(), v)? {
        return Ok(());
    }
    let text = string::text(name).unwrap_or("?");
    if !class::has_flag(class, flag::HEAP) {
        let owner = class::name(class);
        return raise!(cx, TypeError, "cannot set '{text}' attribute of immutable type '{owner}'");
    }
    if v.is_unbound() && class::own(class, name).is_unbound() {
        return Err(protocol::attr::missing(cx, class.into(), name));
    }
    if v.is_bound() && !text.starts_with("__") && descr::is_plain(cx, v) {
        let old = class::own(class, name);
        if let Some(variable) = dict::namespace::as_cell(old) {
            return cx.set(variable, class::VARIABLE, v);
        }
        if old.is_bound() && descr::is_plain(cx, old) {
            // Set a second time: not what makes the class what it is, but a variable.
            return mutate(cx, class, |cx| class::define_variable(cx, class, name, v).map(drop));
        }
    }
    mutate(cx, class, |cx| {
        class::define(cx, class, name, v)?;
        if text.starts_with("__") {
            class::refresh_tree(cx, class);
        }
        Ok(())
    })
}

/// Changes a class, or what is below it.
///
/// # Errors
/// The attempt's abort, and whatever `change` returns.
pub fn mutate(
    cx: &mut Cx,
    class: Obj,
    change: impl FnOnce(&mut Cx) -> Completion<()>,
) -> Completion<()> {
    alone(cx, |cx| {
        if cx.has_marks() {
            class::log_tree(cx, class)?;
        }
        let result = change(cx);
        cx.world.bump_type_epoch();
        result
    })
}

/// Changes what is read without a barrier: irrevocable first, then with every other attempt ended, and none begins before
/// the running one has: whoever has read the old state has committed before, whoever reads the new one begins after.
pub(super) fn alone(cx: &mut Cx, change: impl FnOnce(&mut Cx) -> Completion<()>) -> Completion<()> {
    if cx.is_solo() {
        return change(cx);
    }
    let upcalls = cx.world.upcalls();
    // Inside a mark the change is logged.
    let enter = if cx.has_marks() { upcalls.take_token } else { upcalls.irrevocable };
    enter(cx)?;
    let result = crate::gc::alone(cx, change);
    // The others wait.
    (cx.hurry)(cx);
    result
}
