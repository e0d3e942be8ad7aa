//! `import` statements.

use taipan_objects::{
    Completion, Cx, N, Value,
    heap::Kind,
    protocol, raise,
    types::{T, dict, str as string},
};

use crate::{
    code::{CodeFlags, Instr},
    vm::{
        call::{self, Site},
        frame::Regs,
        function,
        state::vm_ref,
    },
};

use super::names::builtin;

/// `ImportName`.
pub fn import_name(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let name = regs.code().constant(i.imm);
    let globals = function::globals(regs);
    let key = cx.name(N::import);
    let f = builtin(cx, globals, key)?;
    if f.is_unbound() {
        return raise!(cx, ImportError, "__import__ not found");
    }
    let locals = if regs.code().has(CodeFlags::NAMESPACE) { regs.word(0) } else { Value::NONE };
    let args = [name, globals, locals, regs.get(i.b), Value::small(i64::from(i.c))];
    call::invoke(cx, Site::above(regs, i.a), f, Value::UNBOUND, &args, &[])
}

/// `ImportFrom`.
pub fn import_from(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let module = regs.get(i.b);
    let name = regs.code().constant(i.imm);
    if let Some(v) = protocol::get_attr_opt(cx, module, name)? {
        regs.set(i.a, v);
        return Ok(());
    }
    let text = string::text(name).unwrap_or("?").to_owned();
    let key = cx.name(N::name);
    let own = protocol::get_attr_opt(cx, module, key)?.unwrap_or(Value::NONE);
    let own = string::text(own).map(str::to_owned);
    if let Some(own) = &own {
        let full = cx.intern(&format!("{own}.{text}"))?;
        let table = vm_ref(cx).shared.modules();
        let found = dict::get_item_name(cx, table, full)?;
        if found.is_bound() {
            regs.set(i.a, found);
            return Ok(());
        }
    }
    cannot_import(cx, module, name, own.as_deref().unwrap_or("<unknown module name>"), &text)
}

#[cold]
fn cannot_import(cx: &mut Cx, module: Value, name: Value, own: &str, text: &str) -> Completion<()> {
    let key = cx.name(N::file);
    let file = protocol::get_attr_opt(cx, module, key)?.unwrap_or(Value::NONE);
    let place = string::text(file).unwrap_or("unknown location").to_owned();
    let key = cx.name(N::spec);
    let spec = protocol::get_attr_opt(cx, module, key)?.unwrap_or(Value::NONE);
    let mut initializing = false;
    if !spec.is_none() {
        let key = cx.intern("_initializing")?;
        if let Some(v) = protocol::get_attr_opt(cx, spec, key)? {
            initializing = protocol::truth(cx, v)?;
        }
    }
    let message = if initializing {
        format!(
            "cannot import name '{text}' from partially initialized module '{own}' (most likely due to a circular import) ({place})"
        )
    } else {
        format!("cannot import name '{text}' from '{own}' ({place})")
    };
    let escape = taipan_objects::exc::raise_message(cx, T::ImportError, &message);
    if let Some(e) = escape.exception() {
        let own = cx.intern(own)?;
        for (field, v) in [("name", own), ("name_from", name), ("path", file)] {
            let field = cx.intern(field)?;
            protocol::set_attr(cx, e.into(), field, v)?;
        }
    }
    Err(escape)
}

/// `ImportStar`.
pub fn import_star(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (ns, module) = (regs.get(i.a), regs.get(i.b));
    let all = cx.name(N::all);
    let (names, skip_private) = match protocol::get_attr_opt(cx, module, all)? {
        Some(names) => (names, false),
        None => {
            let key = cx.name(N::dict);
            match protocol::get_attr_opt(cx, module, key)? {
                Some(d) => (d, true),
                None => {
                    return raise!(
                        cx,
                        ImportError,
                        "from-import-* object has no __dict__ and no __all__"
                    );
                }
            }
        }
    };
    let names = protocol::collect(cx, names)?;
    for &name in names.as_slice() {
        let Some(text) = string::text(name) else {
            let (what, got) = (if skip_private { "Key" } else { "Item" }, cx.type_name(name));
            let key = cx.name(N::name);
            let own = protocol::get_attr(cx, module, key)?;
            let own = string::text(own).unwrap_or("?").to_owned();
            let where_ = if skip_private { "__dict__" } else { "__all__" };
            return raise!(cx, TypeError, "{what} in {own}.{where_} must be str, not {got}");
        };
        if skip_private && text.starts_with('_') {
            continue;
        }
        let name = string::interned(cx, name)?;
        let v = protocol::get_attr(cx, module, name)?;
        match ns.obj() {
            Some(d) if d.kind() == Kind::Dict && d.class() == cx.class(T::dict) => {
                dict::set_item(cx, d, name, v)?;
            }
            _ => protocol::set_item(cx, ns, name, v)?,
        }
    }
    Ok(())
}
