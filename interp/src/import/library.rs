//! Native modules and the embedded library, loaded without `importlib`.

use std::path::Path;

use taipan_objects::{
    Completion, Cx, N, Obj, Value, protocol,
    types::{dict, str as string},
};

use super::{enter, entered, import_module, machinery};
use crate::{
    compiling::{self, CompileMode, Job},
    modules, stdlib,
    vm::{exec::containers::new_list, function, loaded, state::vm_ref},
};

/// Modules that CPython has loaded before the program starts, so that no file of the program's can stand in for them.
const EARLY: &[&str] = &[
    "_collections_abc",
    "_sitebuiltins",
    "abc",
    "codecs",
    "encodings",
    "genericpath",
    "importlib",
    "io",
    "os",
    "posixpath",
    "site",
    "stat",
    "zipimport",
];

/// The path of a library file or folder relative to the library's root, for the path that it seems to have.
#[must_use]
pub fn path_below(path: &str) -> Option<String> {
    let rest = Path::new(path).strip_prefix(stdlib::root()).ok()?;
    Some(rest.to_string_lossy().into_owned())
}

/// Whether this file loads the module: nothing on `sys.path` or in its package comes before the library's.
pub(super) fn has(cx: &mut Cx, name: &str) -> Completion<bool> {
    if modules::find(name).is_some() {
        return Ok(true);
    }
    let Some(found) = stdlib::find(name) else { return Ok(false) };
    match name.rsplit_once('.') {
        None if EARLY.contains(&name) => Ok(true),
        None => is_first(cx, name),
        Some((parent, _)) => is_in_package(cx, parent, &found.path),
    }
}

fn is_first(cx: &mut Cx, name: &str) -> Completion<bool> {
    let sys = vm_ref(cx).shared.sys();
    let key = cx.intern("path")?;
    let path = dict::get_item_name(cx, sys, key)?;
    if path.is_unbound() || path.is_none() {
        return Ok(false);
    }
    let root = stdlib::root();
    for &folder in protocol::collect(cx, path)?.as_slice() {
        let Some(folder) = string::text(folder) else { continue };
        if Path::new(folder) == root {
            return Ok(true);
        }
        if may_have(Path::new(if folder.is_empty() { "." } else { folder }), name) {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Whether a folder of the program's, or an archive, may have a module `name` of its own.
fn may_have(folder: &Path, name: &str) -> bool {
    let base = folder.join(name);
    if base.join("__init__.py").exists() || base.join("__init__.pyc").exists() {
        return true;
    }
    if ["py", "pyc"].iter().any(|suffix| folder.join(format!("{name}.{suffix}")).exists()) {
        return true;
    }
    // An archive, or a folder in one.
    folder.ancestors().find(|p| p.exists()).is_some_and(Path::is_file)
}

/// Whether there is certainly no top-level module `name`, so that `importlib` need not be loaded to say so.
pub(super) fn is_nowhere(cx: &mut Cx, name: &str) -> Completion<bool> {
    // The machinery itself is found by being loaded.
    let may_be = name.contains('.') || name.starts_with("_frozen_importlib");
    if may_be || stdlib::find(name).is_some() || !machinery::is_unused(cx)? {
        return Ok(false);
    }
    let sys = vm_ref(cx).shared.sys();
    let key = cx.intern("path")?;
    let path = dict::get_item_name(cx, sys, key)?;
    if !cx.is_a(path, taipan_objects::T::list) {
        return Ok(false);
    }
    let root = stdlib::root();
    for &folder in protocol::collect(cx, path)?.as_slice() {
        let Some(folder) = string::text(folder) else { return Ok(false) };
        let folder = Path::new(if folder.is_empty() { "." } else { folder });
        if folder == root {
            continue;
        }
        let Ok(entries) = std::fs::read_dir(folder) else {
            if folder.ancestors().any(Path::is_file) {
                return Ok(false);
            }
            continue;
        };
        let is_it = |entry: std::fs::DirEntry| {
            let file = entry.file_name();
            let file = file.to_string_lossy();
            file.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if entries.flatten().any(is_it) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_in_package(cx: &mut Cx, parent: &str, path: &str) -> Completion<bool> {
    let parent = import_module(cx, parent)?;
    let key = cx.name(N::path);
    let Some(places) = protocol::get_attr_opt(cx, parent, key)? else { return Ok(false) };
    let places = protocol::collect(cx, places)?;
    let Some(first) = places.as_slice().first().and_then(|&v| string::text(v)) else {
        return Ok(false);
    };
    Ok(stdlib::root().join(path).starts_with(first))
}

/// Loads a module for which [`has`] is true.
///
/// # Errors
/// Whatever its code raises.
pub(super) fn load(cx: &mut Cx, name: &str) -> Completion<Value> {
    if let Some((parent, _)) = name.rsplit_once('.') {
        import_module(cx, parent)?;
        // The parent may have entered it: `os.path`, `collections.abc`.
        if let Some(found) = entered(cx, name)?
            && !found.is_none()
        {
            return Ok(found);
        }
    }
    if matches!(name, "genericpath" | "posixpath") {
        // They import each other by way of `os`, which CPython loads first.
        import_module(cx, "os")?;
        if let Some(found) = entered(cx, name)? {
            return Ok(found);
        }
    }
    if name == "importlib" {
        // It takes the place of what it finds under its inner names.
        machinery::bootstrap(cx)?;
    }
    let module = match modules::find(name) {
        Some(def) => {
            let module = modules::make(cx, def)?;
            machinery::describe(cx, module, name, None)?;
            enter(cx, name, module.into())?;
            module.into()
        }
        None => load_source(cx, name)?,
    };
    if let Some((parent, leaf)) = name.rsplit_once('.') {
        let parent = import_module(cx, parent)?;
        let leaf = cx.intern(leaf)?;
        protocol::set_attr(cx, parent, leaf, module)?;
    }
    if matches!(name, "linecache" | "inspect" | "pkgutil" | "runpy") {
        // They look at the specs of modules in ways that cannot be seen here.
        machinery::bootstrap(cx)?;
    }
    if name == "linecache" {
        register_command(cx, module)?;
    }
    // A module may replace itself.
    Ok(entered(cx, name)?.unwrap_or(module))
}

/// Tells `linecache` the text of `-c`, which is in no file.
fn register_command(cx: &mut Cx, linecache: Value) -> Completion<()> {
    const NAME: &str = "<string>";
    let Some(text) = vm_ref(cx).shared.sources.lock().get(NAME).cloned() else { return Ok(()) };
    let job = Job { is_text: true, ..Job::new(NAME, CompileMode::Exec) };
    // A text that does not compile has been complained about already.
    let code = match compiling::code(cx, text.as_bytes(), &job) {
        Ok(code) => code,
        Err(escape) if escape.is_abort() => return Err(escape),
        Err(_) => return Ok(()),
    };
    let register = cx.intern("_register_code")?;
    let (text, name) = (cx.new_str(&text)?, cx.intern(NAME)?);
    protocol::call_method(cx, linecache, register, &[code.into(), text, name])?;
    Ok(())
}

fn load_source(cx: &mut Cx, name: &str) -> Completion<Value> {
    let Some(found) = stdlib::find(name) else { return machinery::find_and_load(cx, name) };
    let filename = stdlib::root().join(&found.path).to_string_lossy().into_owned();
    let Some(code) = code(cx, &found.path, &filename)? else {
        return machinery::find_and_load(cx, name);
    };
    let module = modules::new_module(cx, name, Value::NONE)?;
    let file = cx.new_str(&filename)?;
    modules::set(cx, module, "__file__", file)?;
    let package =
        if found.is_package { name } else { name.rsplit_once('.').map_or("", |(p, _)| p) };
    let package = cx.intern(package)?;
    modules::set(cx, module, "__package__", package)?;
    if found.is_package {
        let folder = Path::new(&filename).parent().unwrap_or(Path::new(""));
        let folder = cx.new_str(&folder.to_string_lossy())?;
        let path = new_list(cx, &[folder])?;
        modules::set(cx, module, "__path__", path)?;
    }
    machinery::describe(cx, module, name, Some(&filename))?;
    run(cx, name, module, code)
}

/// Runs a module's code. A module that fails is taken out of the table again.
pub(super) fn run(cx: &mut Cx, name: &str, module: Obj, code: Obj) -> Completion<Value> {
    let builtins = vm_ref(cx).shared.builtins();
    modules::set(cx, module, "__builtins__", builtins.into())?;
    enter(cx, name, module.into())?;
    let Some(globals) = modules::namespace(module) else { return Ok(module.into()) };
    crate::audit::event(cx, "exec", &[code.into()])?;
    machinery::set_initializing(cx, module, true)?;
    let f = function::new(cx, code, globals.into())?;
    let result = protocol::call(cx, f.into(), &[globals.into()]);
    match result {
        Ok(_) => {
            machinery::set_initializing(cx, module, false)?;
            Ok(module.into())
        }
        Err(escape) => {
            if !escape.is_abort() {
                let key = cx.intern(name)?;
                let table = vm_ref(cx).shared.modules();
                if dict::get_item_name(cx, table, key)?.is_bound() {
                    dict::del_item(cx, table, key)?;
                }
            }
            Err(escape)
        }
    }
}

/// The code of the library file `path`, which shows as `filename`; `None` if there is no such file.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn code(cx: &mut Cx, path: &str, filename: &str) -> Completion<Option<Obj>> {
    let shared = vm_ref(cx).shared;
    let optimize = shared.options.optimize;
    let unit = match shared.options.cache.get(path, optimize) {
        Some(unit) if unit.filename.as_ref() as &str == filename => unit,
        _ => {
            let Some(bytes) = stdlib::read(path) else { return Ok(None) };
            let unit = compiling::unit(cx, &bytes, &Job::new(filename, CompileMode::Exec))?;
            shared.options.cache.put(path, optimize, &unit);
            unit
        }
    };
    let ids = shared.code_ids.clone();
    loaded::load(cx, &ids, &std::sync::Arc::new(unit)).map(Some)
}
