//! `sys`: what the interpreter knows of itself.
//!
//! `mod.rs` has the table and the constants, `functions.rs` the functions, `info.rs` the named tuples.

use taipan_objects::{Completion, Cx, N, Obj, Value, protocol::RootVec, types::dict};

use crate::{
    cli,
    modules::{self, ModuleDef, simple_namespace},
    stdlib,
    vm::exec::containers::new_list,
};

mod functions;
pub mod info;
mod monitoring;

/// The module `sys`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "sys",
    doc: "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    functions: functions::FUNCTIONS,
    exec: fill,
    ..ModuleDef::BASE
};

fn set_text(cx: &mut Cx, module: Obj, name: &str, text: &str) -> Completion<()> {
    let v = cx.new_str(text)?;
    modules::set(cx, module, name, v)
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let texts = [
        ("version", cli::version_text()),
        ("platform", std::env::consts::OS.to_owned()),
        ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }.to_owned()),
        ("copyright", "Copyright (c) the Taipan developers. Library copyright (c) 2001 Python Software Foundation.".to_owned()),
        ("float_repr_style", "short".to_owned()),
        ("platlibdir", "lib".to_owned()),
        ("abiflags", "t".to_owned()),
    ];
    for (name, text) in texts {
        set_text(cx, module, name, &text)?;
    }
    modules::set_ints(
        cx,
        module,
        &[
            ("maxsize", i64::MAX),
            ("maxunicode", 0x10_FFFF),
            ("hexversion", 0x030E_00F0),
            ("api_version", 1013),
        ],
    )?;
    modules::set(cx, module, "dont_write_bytecode", Value::FALSE)?;
    modules::set(cx, module, "pycache_prefix", Value::NONE)?;
    let mut names = RootVec::new();
    let mut all: Vec<&str> =
        modules::MODULES.iter().map(|m| m.name).chain(["builtins", "sys"]).collect();
    all.sort_unstable();
    for name in all {
        let name = cx.intern(name)?;
        names.push(cx, name)?;
    }
    let names = cx.new_tuple(names.as_slice())?;
    modules::set(cx, module, "builtin_module_names", names)?;
    let stdlib_names = library_names(cx)?;
    modules::set(cx, module, "stdlib_module_names", stdlib_names)?;
    for name in ["path", "warnoptions", "argv", "orig_argv"] {
        let list = new_list(cx, &[])?;
        modules::set(cx, module, name, list)?;
    }
    let d = dict::new(cx)?;
    modules::set(cx, module, "_xoptions", d.into())?;
    paths(cx, module)?;
    info::fill(cx, module)?;
    for (name, n) in [
        ("__displayhook__", "displayhook"),
        ("__excepthook__", "excepthook"),
        ("__unraisablehook__", "unraisablehook"),
        ("__breakpointhook__", "breakpointhook"),
    ] {
        if let Some(d) = modules::namespace(module) {
            let key = cx.intern(n)?;
            let v = dict::get_item_name(cx, d, key)?;
            modules::set(cx, module, name, v)?;
        }
    }
    implementation(cx, module)?;
    let m = modules::make(cx, &monitoring::MODULE)?;
    modules::set(cx, module, "monitoring", m.into())?;
    // Until the streams exist; see `builtins/output.rs`.
    modules::set(cx, module, "stdout", Value::ELLIPSIS)?;
    let _ = N::stdout;
    Ok(())
}

fn library_names(cx: &mut Cx) -> Completion<Value> {
    let mut names = RootVec::new();
    for entry in stdlib::list_dir("") {
        let name = entry.trim_end_matches('/');
        let name = name.strip_suffix(".py").unwrap_or(name);
        if name.chars().all(|c| c == '_' || c.is_alphanumeric()) {
            let name = cx.intern(name)?;
            names.push(cx, name)?;
        }
    }
    for m in modules::MODULES {
        let name = cx.intern(m.name)?;
        names.push(cx, name)?;
    }
    crate::vm::exec::constants::frozen_set(cx, names.as_slice())
}

fn paths(cx: &mut Cx, module: Obj) -> Completion<()> {
    let exe = std::env::current_exe().unwrap_or_default();
    let root = stdlib::root_for(&exe);
    let prefix =
        root.parent().and_then(|p| p.parent()).unwrap_or(std::path::Path::new("/")).to_path_buf();
    for name in ["executable", "_base_executable"] {
        set_text(cx, module, name, &exe.to_string_lossy())?;
    }
    for name in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] {
        set_text(cx, module, name, &prefix.to_string_lossy())?;
    }
    set_text(cx, module, "_stdlib_dir", &root.to_string_lossy())
}

fn implementation(cx: &mut Cx, module: Obj) -> Completion<()> {
    let version = info::version(cx)?;
    let own = info::own_version(cx)?;
    let _ = own;
    let name = cx.new_str("taipan")?;
    let tag = cx.new_str("taipan-314")?;
    let threads = Value::TRUE;
    let multiarch = cx.new_str(modules::build_vars::MULTIARCH)?;
    let made = simple_namespace::make(
        cx,
        &[
            ("name", name),
            ("cache_tag", tag),
            ("version", version),
            ("hexversion", Value::small(0x030E_00F0)),
            ("supports_isolated_interpreters", Value::FALSE),
            ("_multiarch", multiarch),
            ("transactional_threads", threads),
        ],
    )?;
    modules::set(cx, module, "implementation", made)
}
