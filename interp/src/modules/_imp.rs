//! `_imp`: what the import system asks the interpreter.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    native::NativeFn,
    protocol::RootVec,
    raise,
    types::{bytes, str as string},
};

use crate::{
    code::serial,
    import,
    modules::{self, ModuleDef},
    stdlib,
    vm::exec::containers::new_list,
};

/// The number that files of compiled code begin with, so that those of another build are compiled anew. The last two bytes
/// are a line end, as CPython's.
pub const MAGIC: u32 = (serial::FINGERPRINT as u16) as u32 | 0x0a0d_0000;

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
    if matches!(text.as_str(), "sys" | "builtins") {
        return crate::import::import_module(cx, &text);
    }
    match modules::find(&text) {
        Some(def) => modules::make(cx, def).map(Value::from),
        None => Ok(Value::NONE),
    }
}

/// Files of the embedded library, by the paths that they seem to have.
fn library_path(args: Args<'_>) -> Option<String> {
    import::library_path(string::text(args.get(0))?)
}

fn library_read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match library_path(args).and_then(|path| stdlib::read(&path)) {
        Some(data) => bytes::new(cx, &data),
        None => Ok(Value::NONE),
    }
}

fn library_code(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(path) = library_path(args) else { return Ok(Value::NONE) };
    let shown = string::text(args.get(0)).unwrap_or_default();
    Ok(import::library_code(cx, &path, shown)?.map_or(Value::NONE, Value::from))
}

fn library_is_dir(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(library_path(args).is_some_and(|path| stdlib::is_dir(&path)).into())
}

fn library_list(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut names = RootVec::new();
    for name in library_path(args).map(|path| stdlib::list_dir(&path)).unwrap_or_default() {
        let name = cx.new_str(&name)?;
        names.push(cx, name)?;
    }
    new_list(cx, names.as_slice())
}

/// Whether a path is a file, or seems to lie inside of one.
fn is_archive_path(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = string::text(args.get(0)).unwrap_or_default();
    let found = std::path::Path::new(path).ancestors().find(|p| p.exists());
    Ok(found.is_some_and(std::path::Path::is_file).into())
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
        row("library_read", "(path, /)", library_read),
        row("library_code", "(path, /)", library_code),
        row("library_is_dir", "(path, /)", library_is_dir),
        row("library_list", "(path, /)", library_list),
        row("is_archive_path", "(path, /)", is_archive_path),
        row("_override_frozen_modules_for_tests", "(override, /)", none),
        row("_override_multi_interp_extensions_check", "(override, /)", |_, _| Ok(Value::small(0))),
        row("_frozen_module_names", "()", |cx, _| new_list(cx, &[])),
    ],
    exec: |cx, module| {
        let v = cx.new_str("default")?;
        modules::set(cx, module, "check_hash_based_pycs", v)?;
        modules::set(cx, module, "pyc_magic_number_token", Value::small(MAGIC.into()))
    },
    ..ModuleDef::BASE
};
