//! The exceptions of the module, and notes about where one came from.

use taipan_objects::{
    Completion, Cx, Escape, Obj, T, Value, protocol, raise,
    types::{dict, exception, type_},
};

use super::super::{namespace, set_exception};

/// Makes the exception classes of the module.
pub(super) fn make(cx: &mut Cx, module: Obj) -> Completion<()> {
    let base = cx.class(T::Exception).into();
    let base = set_exception(cx, module, ("_pickle", "PickleError"), &[base])?;
    for name in ["PicklingError", "UnpicklingError"] {
        set_exception(cx, module, ("_pickle", name), &[base])?;
    }
    Ok(())
}

#[cold]
fn fail(cx: &mut Cx, name: &str, message: &str) -> Escape {
    match made(cx, name, message) {
        Ok(e) => Escape::raise(e),
        Err(escape) => escape,
    }
}

fn made(cx: &mut Cx, name: &str, message: &str) -> Completion<Obj> {
    let module = cx.world.import_module(cx, "_pickle")?;
    let key = cx.intern(name)?;
    let class = match module.obj().and_then(namespace) {
        Some(d) => dict::get_item_name(cx, d, key)?,
        None => Value::UNBOUND,
    };
    if class.is_unbound() {
        return raise!(cx, RuntimeError, "{message}");
    }
    let text = cx.new_str(message)?;
    match protocol::call(cx, class, &[text])?.obj() {
        Some(e) => Ok(e),
        None => raise!(cx, RuntimeError, "{message}"),
    }
}

/// `PicklingError`.
#[cold]
pub(super) fn pickling(cx: &mut Cx, message: &str) -> Escape {
    fail(cx, "PicklingError", message)
}

/// `UnpicklingError`.
#[cold]
pub(super) fn unpickling(cx: &mut Cx, message: &str) -> Escape {
    fail(cx, "UnpicklingError", message)
}

/// That of a pickle with persistent ids where nobody knows them.
#[cold]
pub(super) fn no_persistent_load(cx: &mut Cx) -> Escape {
    let text = "A load persistent id instruction was encountered, but no persistent_load function was specified.";
    unpickling(cx, text)
}

/// `new`, with the exception of `old` as its context.
#[cold]
pub(super) fn chained(cx: &mut Cx, new: Escape, old: Escape) -> Escape {
    if let (Some(new), Some(old)) = (new.exception(), old.exception())
        && let Err(escape) = cx.set(new, exception::slot::CONTEXT, old.into())
    {
        return escape;
    }
    new
}

/// Whether what was raised is an instance of `t`.
pub(super) fn is(cx: &Cx, escape: Escape, t: T) -> bool {
    escape.exception().is_some_and(|e| cx.is_a(e.into(), t))
}

/// The class of `v` as messages call it: with its module, unless that goes without saying.
#[cold]
pub(super) fn kind(cx: &mut Cx, v: Value) -> String {
    let class = cx.class_of(v);
    match type_::qualified_name(cx, class) {
        Ok(name) => name.strip_prefix("__main__.").map(str::to_owned).unwrap_or(name),
        Err(_) => cx.type_name(v).to_owned(),
    }
}

/// Passes an exception on with a note: "when serializing {class of `v`} {part}".
#[cold]
pub(super) fn noted(cx: &mut Cx, escape: Escape, v: Value, part: &str) -> Escape {
    if escape.is_abort() {
        return escape;
    }
    let kind = kind(cx, v);
    note(cx, escape, &format!("when serializing {kind} {part}"))
}

/// As [`noted`], of the item under `key`.
#[cold]
pub(super) fn noted_key(cx: &mut Cx, escape: Escape, v: Value, key: Value) -> Escape {
    if escape.is_abort() {
        return escape;
    }
    let kind = kind(cx, v);
    noted_item(cx, escape, &kind, key)
}

/// As [`noted_key`], of an item of something of class `kind`.
#[cold]
pub(super) fn noted_item(cx: &mut Cx, escape: Escape, kind: &str, key: Value) -> Escape {
    if escape.is_abort() {
        return escape;
    }
    match protocol::convert::repr_text(cx, key) {
        Ok(key) => note(cx, escape, &format!("when serializing {kind} item {key}")),
        Err(other) if other.is_abort() => other,
        Err(_) => escape,
    }
}

fn note(cx: &mut Cx, escape: Escape, text: &str) -> Escape {
    let Some(e) = escape.exception() else { return escape };
    match add_note(cx, e, text) {
        Err(other) if other.is_abort() => other,
        _ => escape,
    }
}

fn add_note(cx: &mut Cx, e: Obj, text: &str) -> Completion<()> {
    let (note, name) = (cx.new_str(text)?, cx.intern("add_note")?);
    protocol::call_method(cx, e.into(), name, &[note])?;
    Ok(())
}
