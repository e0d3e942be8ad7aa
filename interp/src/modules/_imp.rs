//! `_imp`: what the import system asks the interpreter.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value, native::NativeFn, raise, types::str as string,
};

use crate::{
    modules::{self, ModuleDef},
    vm::exec::containers::new_list,
};

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

fn none(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(Value::NONE)
}

fn no(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(Value::FALSE)
}

fn is_builtin(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(name) = string::text(args.get(0)) else {
        return raise!(cx, TypeError, "is_builtin() argument must be str");
    };
    let known = modules::find(name).is_some();
    Ok(Value::small(if matches!(name, "sys" | "builtins") { -1 } else { i64::from(known) }))
}

fn create_builtin(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.intern("name")?;
    let name = taipan_objects::protocol::get_attr(cx, args.get(0), name)?;
    let text = string::text(name).unwrap_or("").to_owned();
    crate::import::import_module(cx, &text)
}

fn source_hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bytes = args.get(1).obj().filter(|o| o.class() == cx.class(taipan_objects::T::bytes));
    let hash = bytes
        .map_or(&[][..], |o| o.raw_bytes())
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    crate::vm::exec::constants::bytes(cx, &hash.to_le_bytes())
}

fn no_frozen(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = string::text(args.get(0)).unwrap_or("?").to_owned();
    raise!(cx, ImportError, "No such frozen object named {name}")
}

/// The module `_imp`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_imp",
    doc: "(Extremely) low-level import machinery bits as used by importlib.",
    functions: &[
        row("acquire_lock", "()", none),
        row("release_lock", "()", none),
        row("lock_held", "()", no),
        row("is_builtin", "(name, /)", is_builtin),
        row("is_frozen", "(name, /)", no),
        row("is_frozen_package", "(name, /)", no),
        row("find_frozen", "(name, /, *, withdata=False)", none),
        row("get_frozen_object", "(name, data=None, /)", no_frozen),
        row("init_frozen", "(name, /)", no_frozen),
        row("create_builtin", "(spec, /)", create_builtin),
        row("exec_builtin", "(mod, /)", |_, _| Ok(Value::small(0))),
        row("extension_suffixes", "()", |cx, _| new_list(cx, &[])),
        row("source_hash", "(key, source)", source_hash),
        row("_fix_co_filename", "(code, path, /)", none),
        row("_override_frozen_modules_for_tests", "(override, /)", none),
        row("_override_multi_interp_extensions_check", "(override, /)", |_, _| Ok(Value::small(0))),
        row("_frozen_module_names", "()", |cx, _| new_list(cx, &[])),
    ],
    exec: |cx, module| {
        let v = cx.new_str("default")?;
        modules::set(cx, module, "check_hash_based_pycs", v)?;
        modules::set(cx, module, "pyc_magic_number_token", Value::small(3600))
    },
    ..ModuleDef::BASE
};
