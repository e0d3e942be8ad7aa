//! "Did you mean" for names, attributes and imports that do not exist.
//!
//! Nothing here raises: what cannot be looked at gives no suggestion.

use taipan_objects::{
    Cx, Obj, T, Value, class, protocol,
    types::{exc_fields, exception, str as string},
};

use crate::{
    modules, stdlib, traceback,
    vm::{state::vm_ref, traceback as entries},
};

/// The message `text` of `exc`, with "Did you mean" where a name is close to one that exists.
pub fn with_hint(cx: &mut Cx, exc: Obj, mut text: String) -> String {
    let is_a = |cx: &Cx, t| class::is_subclass(exc.class(), cx.class(t));
    let wrong = match () {
        () if is_a(cx, T::NameError) => exc.raw(exc_fields::word(T::NameError, "name")),
        () if is_a(cx, T::AttributeError) => exc.raw(exc_fields::word(T::AttributeError, "name")),
        () if is_a(cx, T::ImportError) => exc.raw(exc_fields::word(T::ImportError, "name_from")),
        () => return text,
    };
    let Some(wrong) = string::text(wrong) else { return text };
    let suggestion = suggestion(cx, exc, wrong);
    if let Some(suggestion) = &suggestion {
        text.push_str(&format!(". Did you mean: '{suggestion}'?"));
    }
    let is_module = stdlib::find(wrong).is_some() || modules::find(wrong).is_some();
    if is_a(cx, T::NameError) && is_module {
        let lead = if suggestion.is_some() { " Or did" } else { ". Did" };
        text.push_str(&format!("{lead} you forget to import '{wrong}'?"));
    }
    text
}

fn suggestion(cx: &mut Cx, exc: Obj, wrong: &str) -> Option<String> {
    let names = if class::is_subclass(exc.class(), cx.class(T::NameError)) {
        let frame = last_frame(cx, exc)?;
        let locals = attribute(cx, frame, "f_locals")?;
        if let Some(this) = own_attribute(cx, locals, wrong) {
            return Some(this);
        }
        let mut names = keys(cx, locals);
        for name in ["f_globals", "f_builtins"] {
            let scope = attribute(cx, frame, name)?;
            names.extend(keys(cx, scope));
        }
        names
    } else if class::is_subclass(exc.class(), cx.class(T::AttributeError)) {
        let owner = exc.raw(exc_fields::word(T::AttributeError, "obj")).bound()?;
        dir(cx, owner, wrong)
    } else {
        let module = exc.raw(exc_fields::word(T::ImportError, "name"));
        let module = cx.world.import_module(cx, string::text(module)?).ok()?;
        dir(cx, module, wrong)
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    traceback::closest(wrong, &names).map(str::to_owned)
}

/// `self.name`, if the method's instance has what the name was to be.
fn own_attribute(cx: &mut Cx, locals: Value, wrong: &str) -> Option<String> {
    let key = cx.intern("self").ok()?;
    let this = protocol::get_item(cx, locals, key).ok()?;
    attribute(cx, this, wrong).map(|_| format!("self.{wrong}"))
}

fn last_frame(cx: &mut Cx, exc: Obj) -> Option<Value> {
    let mut entry = exc.raw(exception::slot::TRACEBACK).obj()?;
    while let Some(next) = entry.raw(entries::slot::NEXT).obj() {
        if next.class() != cx.class(T::traceback) {
            break;
        }
        entry = next;
    }
    entry.raw(entries::slot::FRAME).bound()
}

fn keys(cx: &mut Cx, mapping: Value) -> Vec<String> {
    let Ok(names) = protocol::collect(cx, mapping) else { return Vec::new() };
    names.as_slice().iter().filter_map(|&name| string::text(name)).map(str::to_owned).collect()
}

/// `dir(owner)` without private names, unless one was asked for.
fn dir(cx: &mut Cx, owner: Value, wrong: &str) -> Vec<String> {
    let builtins = vm_ref(cx).shared.builtins();
    let names = cx.intern("dir").and_then(|key| {
        let dir = protocol::get_item(cx, builtins.into(), key)?;
        protocol::call(cx, dir, &[owner])
    });
    let Ok(names) = names else { return Vec::new() };
    let mut names = keys(cx, names);
    if !wrong.starts_with('_') {
        names.retain(|name| !name.starts_with('_'));
    }
    names
}

fn attribute(cx: &mut Cx, of: Value, name: &str) -> Option<Value> {
    let name = cx.intern(name).ok()?;
    protocol::get_attr_opt(cx, of, name).ok().flatten()
}
