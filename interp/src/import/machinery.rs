//! `importlib`: when it is loaded, how it is called, and what keeps its specs true for modules that were loaded without it.

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, Value, class, protocol, raise,
    types::{dict, exception, str as string},
};

use super::{entered, library};
use crate::{
    compiling::{self, CompileMode, Job},
    modules,
    vm::{state::vm_ref, traceback::slot as tb},
};

const BOOTSTRAP: &str = "_frozen_importlib";
const EXTERNAL: &str = "_frozen_importlib_external";
const LIBRARY: &str = "_frozen_library";
/// The attribute of the library's module that is the machinery's core.
const CORE: &str = "core";
const BOOTSTRAP_FILE: &str = "<frozen importlib._bootstrap>";
const EXTERNAL_FILE: &str = "<frozen importlib._bootstrap_external>";
/// Names of the finders on `sys.meta_path` in order.
const FINDERS: [&str; 3] = ["BuiltinImporter", "FrozenImporter", "PathFinder"];

/// What `sys` gets when the machinery is loaded.
const LATE_IN_SYS: [&str; 3] = ["meta_path", "path_hooks", "path_importer_cache"];

fn sys_get(cx: &mut Cx, name: &str) -> Completion<Value> {
    let sys = vm_ref(cx).shared.sys();
    let key = cx.intern(name)?;
    dict::get_item_name(cx, sys, key)
}

/// `importlib._bootstrap`, loaded if it is not yet.
///
/// # Errors
/// Whatever loading it raises.
pub fn bootstrap(cx: &mut Cx) -> Completion<Value> {
    // As it was loaded, whatever the program has done to `sys.modules` since.
    if let Some(maker) = entered(cx, LIBRARY)?.filter(|maker| !maker.is_none()) {
        let name = cx.intern(CORE)?;
        if let Some(core) = protocol::get_attr_opt(cx, maker, name)? {
            return Ok(core);
        }
    }
    match entered(cx, BOOTSTRAP)? {
        Some(module) if !module.is_none() => Ok(module),
        _ => install(cx),
    }
}

fn is_installed(cx: &mut Cx) -> Completion<bool> {
    Ok(entered(cx, LIBRARY)?.is_some())
}

/// Whether the program can have noticed nothing of the machinery yet.
pub(super) fn is_unused(cx: &mut Cx) -> Completion<bool> {
    Ok(entered(cx, BOOTSTRAP)?.is_none() && sys_get(cx, "meta_path")?.is_unbound())
}

/// Loads the machinery and tells it of everything that was imported so far.
fn install(cx: &mut Cx) -> Completion<Value> {
    (cx.world.upcalls().irrevocable)(cx)?;
    // What the program has put there before counts.
    let given =
        [sys_get(cx, LATE_IN_SYS[0])?, sys_get(cx, LATE_IN_SYS[1])?, sys_get(cx, LATE_IN_SYS[2])?];
    let sys = vm_ref(cx).shared.sys();
    for name in LATE_IN_SYS {
        let v = match name {
            "path_importer_cache" => dict::new(cx)?.into(),
            _ => crate::vm::exec::containers::new_list(cx, &[])?,
        };
        let key = cx.intern(name)?;
        dict::set_item(cx, sys, key, v)?;
    }
    let core = frozen(cx, BOOTSTRAP, "importlib/_bootstrap.py", BOOTSTRAP_FILE)?;
    let imp = super::import_module(cx, "_imp")?;
    let sys_module = super::import_module(cx, "sys")?;
    let setup = cx.intern("_install")?;
    let setup = protocol::get_attr(cx, core, setup)?;
    protocol::call(cx, setup, &[sys_module, imp])?;
    frozen(cx, EXTERNAL, "importlib/_bootstrap_external.py", EXTERNAL_FILE)?;
    let setup = cx.intern("_install_external_importers")?;
    let setup = protocol::get_attr(cx, core, setup)?;
    protocol::call(cx, setup, &[])?;
    let job = Job { is_text: true, ..Job::new("<frozen library>", CompileMode::Exec) };
    let code = compiling::code(cx, include_bytes!("library.py"), &job)?;
    let module = modules::new_module(cx, LIBRARY, Value::NONE)?;
    library::run(cx, LIBRARY, module, code)?;
    modules::set(cx, module, CORE, core)?;
    describe_all(cx)?;
    for (name, v) in LATE_IN_SYS.into_iter().zip(given) {
        if v.is_bound() {
            let key = cx.intern(name)?;
            dict::set_item(cx, sys, key, v)?;
        }
    }
    Ok(core)
}

fn frozen(cx: &mut Cx, name: &str, path: &str, filename: &str) -> Completion<Value> {
    let Some(code) = library::code(cx, path, filename)? else {
        return raise!(cx, ImportError, "No such frozen object named {name}");
    };
    let module = modules::new_module(cx, name, Value::NONE)?;
    library::run(cx, name, module, code)
}

/// Gives all modules that were loaded without the machinery their specs.
fn describe_all(cx: &mut Cx) -> Completion<()> {
    let table = vm_ref(cx).shared.modules();
    let all = dict::items(cx, table)?;
    for pair in all.as_slice().chunks_exact(2) {
        let (Some(name), Some(module)) = (string::text(pair[0]), pair[1].obj()) else { continue };
        let Some(names) =
            (module.kind() == Kind::Module).then(|| modules::namespace(module)).flatten()
        else {
            continue;
        };
        let key = cx.name(N::spec);
        if dict::get_item_name(cx, names, key)?.is_bound() || name == "__main__" {
            continue;
        }
        let key = cx.name(N::file);
        let file = dict::get_item_name(cx, names, key)?;
        let own = cx.name(N::name);
        let own = dict::get_item_name(cx, names, own)?;
        let own = string::text(own).unwrap_or(name).to_owned();
        describe(cx, module, &own, string::text(file))?;
    }
    Ok(())
}

/// Sets the `__spec__` and `__loader__` of a module that was loaded without the machinery, once that is there.
///
/// # Errors
/// `MemoryError`, the attempt's abort.
pub(super) fn describe(cx: &mut Cx, module: Obj, name: &str, file: Option<&str>) -> Completion<()> {
    let Some(maker) = entered(cx, LIBRARY)? else { return Ok(()) };
    let text = cx.intern(name)?;
    let spec = match file {
        None => {
            let f = cx.intern("builtin_spec")?;
            protocol::call_method(cx, maker, f, &[text])?
        }
        Some(file) => {
            let folder = match file.strip_suffix("/__init__.py") {
                Some(folder) => cx.new_str(folder)?,
                None => Value::NONE,
            };
            let (f, file) = (cx.intern("library_spec")?, cx.new_str(file)?);
            protocol::call_method(cx, maker, f, &[text, file, folder])?
        }
    };
    let loader = cx.intern("loader")?;
    let loader = protocol::get_attr(cx, spec, loader)?;
    modules::set(cx, module, "__spec__", spec)?;
    modules::set(cx, module, "__loader__", loader)
}

/// An attribute that a module only gets with the machinery: `__spec__` and `__loader__` of all, some of `sys`.
///
/// # Errors
/// Whatever loading it raises.
pub fn late_attribute(cx: &mut Cx, module: Obj, name: Value) -> Completion<Option<Value>> {
    let Some(text) = string::text(name) else { return Ok(None) };
    let Some(names) = modules::namespace(module) else { return Ok(None) };
    let is_late = matches!(text, "__spec__" | "__loader__")
        || (LATE_IN_SYS.contains(&text) && names == vm_ref(cx).shared.sys());
    // `site` asks all modules for their loaders, to no end here. Relaxed: set and read by the main thread.
    let starting = vm_ref(cx).shared.starting.load(std::sync::atomic::Ordering::Relaxed);
    if !is_late || starting || entered(cx, BOOTSTRAP)?.is_some() {
        return Ok(None);
    }
    install(cx)?;
    Ok(dict::get_item_name(cx, names, name)?.bound())
}

/// Whether a module is being run now. Its spec says so.
pub(super) fn is_initializing(cx: &mut Cx, module: Value) -> Completion<bool> {
    let Some(names) =
        module.obj().filter(|o| o.kind() == Kind::Module).and_then(modules::namespace)
    else {
        return Ok(false);
    };
    let key = cx.name(N::spec);
    let spec = dict::get_item_name(cx, names, key)?;
    if spec.is_unbound() || spec.is_none() || !is_installed(cx)? {
        return Ok(false);
    }
    let key = cx.intern("_initializing")?;
    match protocol::get_attr_opt(cx, spec, key)? {
        Some(v) => protocol::truth(cx, v),
        None => Ok(false),
    }
}

/// Notes in a module's spec, if it has one, that its code runs.
pub(super) fn set_initializing(cx: &mut Cx, module: Obj, on: bool) -> Completion<()> {
    let Some(names) = modules::namespace(module) else { return Ok(()) };
    let key = cx.name(N::spec);
    let spec = dict::get_item_name(cx, names, key)?;
    if spec.is_unbound() || spec.is_none() {
        return Ok(());
    }
    let key = cx.intern("_initializing")?;
    protocol::set_attr(cx, spec, key, Value::bool(on))
}

/// Whether `library.rs` may load the module: the program has not touched what decides about it.
pub(super) fn knows(cx: &mut Cx, name: &str) -> Completion<bool> {
    if !is_installed(cx)? {
        let untouched = sys_get(cx, "meta_path")?.is_unbound();
        // While the machinery is being loaded its lists are not complete.
        let loading = entered(cx, BOOTSTRAP)?.is_some();
        return Ok((untouched || loading) && library::has(cx, name)?);
    }
    Ok(is_untouched(cx)? && library::has(cx, name)?)
}

fn is_untouched(cx: &mut Cx) -> Completion<bool> {
    let finders = sys_get(cx, "meta_path")?;
    if !cx.is_a(finders, taipan_objects::T::list) {
        return Ok(false);
    }
    let finders = protocol::collect(cx, finders)?;
    let same = finders.len() == FINDERS.len()
        && finders.as_slice().iter().zip(FINDERS).all(|(v, name)| {
            v.obj().is_some_and(|o| o.kind() == Kind::Type && class::name(o) == name)
        });
    let hooks = sys_get(cx, "path_hooks")?;
    if !same || !cx.is_a(hooks, taipan_objects::T::list) {
        return Ok(false);
    }
    let hooks = protocol::collect(cx, hooks)?;
    let first = hooks.as_slice().first().and_then(|v| v.obj());
    Ok(first.is_some_and(|o| o.kind() == Kind::Type && class::name(o) == "LibraryFinder"))
}

/// `importlib._bootstrap._find_and_load`, without its frames in the tracebacks of what goes wrong.
///
/// # Errors
/// Whatever the import raises.
pub(super) fn find_and_load(cx: &mut Cx, name: &str) -> Completion<Value> {
    let core = bootstrap(cx)?;
    if matches!(name, BOOTSTRAP | EXTERNAL)
        && let Some(found) = entered(cx, name)?.filter(|found| !found.is_none())
    {
        return Ok(found);
    }
    let (f, import) = (cx.intern("_find_and_load")?, cx.intern("_gcd_import")?);
    let import = protocol::get_attr(cx, core, import)?;
    let name = cx.intern(name)?;
    let result = protocol::call_method(cx, core, f, &[name, import]);
    if let Err(escape) = &result
        && let Some(e) = escape.exception()
    {
        trim(cx, e)?;
    }
    result
}

/// What the entry of a traceback runs.
fn frame_code(cx: &mut Cx, entry: Obj) -> Completion<(String, String)> {
    let frame = cx.read(entry, tb::FRAME)?;
    let (code, file, name) =
        (cx.intern("f_code")?, cx.intern("co_filename")?, cx.intern("co_name")?);
    let code = protocol::get_attr(cx, frame, code)?;
    let file = protocol::get_attr(cx, code, file)?;
    let name = protocol::get_attr(cx, code, name)?;
    let text = |v| string::text(v).unwrap_or_default().to_owned();
    Ok((text(file), text(name)))
}

/// Takes runs of the machinery's entries out of a traceback: all of them for import errors, else those that end in the
/// function that says so by its name.
fn trim(cx: &mut Cx, e: Obj) -> Completion<()> {
    let always = class::is_subclass(e.class(), cx.class(taipan_objects::T::ImportError));
    // The last entry that stays, and the last one before the run being looked at.
    let mut kept: Option<Obj> = None;
    let mut before_run: Option<Option<Obj>> = None;
    let mut at = cx.read(e, exception::slot::TRACEBACK)?.obj();
    while let Some(entry) = at {
        let next = cx.read(entry, tb::NEXT)?.obj();
        let (file, name) = frame_code(cx, entry)?;
        if file == BOOTSTRAP_FILE || file == EXTERNAL_FILE {
            let start = *before_run.get_or_insert(kept);
            if always || name == "_call_with_frames_removed" {
                let link = next.map_or(Value::UNBOUND, Value::from);
                match start {
                    Some(start) => cx.set(start, tb::NEXT, link)?,
                    None => {
                        let link = if link.is_unbound() { Value::NONE } else { link };
                        cx.set(e, exception::slot::TRACEBACK, link)?;
                    }
                }
                kept = start;
                at = next;
                continue;
            }
        } else {
            before_run = None;
        }
        kept = Some(entry);
        at = next;
    }
    Ok(())
}
