//! Importing: the table of modules, native modules, the embedded library, files on `sys.path`.
//!
//! `importlib` is the authority, as in CPython. Modules that it would find inside the executable are made here
//! without asking it (`library.rs`), as long as nothing that the program did could change its answer; so a program
//! that only uses the library does not pay for loading `importlib`. Everything else goes through it (`machinery.rs`).

mod library;
mod machinery;

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, Value,
    native::Args,
    protocol, raise,
    types::{T, dict, str as string},
};

use crate::{audit, vm::state::vm_ref};

pub use self::{
    library::{code as library_code, path_below as library_path},
    machinery::{bootstrap, late_attribute},
};

/// `world.import_module`: the module with a dotted name.
///
/// # Errors
/// Whatever the import raises.
pub fn import_module(cx: &mut Cx, name: &str) -> Completion<Value> {
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    let found = dict::get_item_name(cx, table, key)?;
    if found.is_bound() && !found.is_none() && !machinery::is_initializing(cx, found)? {
        return Ok(found);
    }
    if audit::is_on(cx) {
        tell_hooks(cx, key)?;
    }
    if found.is_unbound() && machinery::knows(cx, name)? {
        // A module is run as one transaction with everything that it imports; running it twice would be a waste.
        (cx.world.upcalls().irrevocable)(cx)?;
        return library::load(cx, name);
    }
    if found.is_unbound() && library::is_nowhere(cx, name)? {
        return missing(cx, name);
    }
    machinery::find_and_load(cx, name)
}

/// Tells audit hooks of the search for a module.
#[cold]
fn tell_hooks(cx: &mut Cx, name: Value) -> Completion<()> {
    let mut about = vec![name, Value::NONE];
    for list in ["path", "meta_path", "path_hooks"] {
        let sys = vm_ref(cx).shared.sys();
        let key = cx.intern(list)?;
        about.push(dict::get_item_name(cx, sys, key)?);
    }
    audit::event(cx, "import", &about)
}

/// `ModuleNotFoundError` in `importlib`'s words.
fn missing(cx: &mut Cx, name: &str) -> Completion<Value> {
    let text = format!("No module named '{name}'");
    let escape = taipan_objects::exc::raise_message(cx, T::ModuleNotFoundError, &text);
    if let Some(e) = escape.exception() {
        let (field, name) = (cx.intern("name")?, cx.intern(name)?);
        protocol::set_attr(cx, e.into(), field, name)?;
    }
    Err(escape)
}

/// Enters a module into `sys.modules`.
fn enter(cx: &mut Cx, name: &str, module: Value) -> Completion<()> {
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    dict::set_item(cx, table, key, module)
}

/// What `sys.modules` has under a name.
fn entered(cx: &mut Cx, name: &str) -> Completion<Option<Value>> {
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    Ok(dict::get_item_name(cx, table, key)?.bound())
}

/// The package of a module that does not name it: its spec's, else from its name.
fn implied_package(cx: &mut Cx, globals: Obj) -> Completion<String> {
    let key = cx.name(N::spec);
    let spec = dict::get_item_name(cx, globals, key)?;
    if spec.is_bound() && !spec.is_none() {
        let key = cx.intern("parent")?;
        if let Some(parent) = protocol::get_attr_opt(cx, spec, key)?
            && let Some(parent) = string::text(parent)
        {
            return Ok(parent.to_owned());
        }
    }
    let key = cx.name(N::name);
    let own = dict::get_item_name(cx, globals, key)?;
    let Some(own) = string::text(own) else {
        return raise!(cx, KeyError, "'__name__' not in globals");
    };
    let path = cx.name(N::path);
    Ok(if dict::get_item_name(cx, globals, path)?.is_bound() {
        own.to_owned()
    } else {
        own.rsplit_once('.').map_or(String::new(), |(p, _)| p.to_owned())
    })
}

/// The absolute name of a relative import.
fn absolute(cx: &mut Cx, name: &str, globals: Value, level: i64) -> Completion<String> {
    if level <= 0 {
        return Ok(name.to_owned());
    }
    let Some(globals) = globals.obj().filter(|g| g.kind() == Kind::Dict) else {
        return raise!(cx, KeyError, "'__name__' not in globals");
    };
    let key = cx.name(N::package);
    let package = dict::get_item_name(cx, globals, key)?;
    let package = match string::text(package) {
        Some(p) => p.to_owned(),
        None if package.is_bound() && !package.is_none() => {
            return raise!(cx, TypeError, "package must be a string");
        }
        None => implied_package(cx, globals)?,
    };
    if package.is_empty() {
        return raise!(cx, ImportError, "attempted relative import with no known parent package");
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((p, _)) => base = p,
            None => {
                return raise!(
                    cx,
                    ImportError,
                    "attempted relative import beyond top-level package"
                );
            }
        }
    }
    Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
}

/// `__import__(name, globals, locals, fromlist, level)`.
///
/// # Errors
/// Whatever the import raises.
pub fn builtin_import(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(name) = string::text(args.get(0)) else {
        let got = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "__import__() argument 1 must be str, not {got}");
    };
    let level = match args.opt(4) {
        Some(v) => protocol::index_i64(cx, v)?,
        None => 0,
    };
    if level < 0 {
        return raise!(cx, ValueError, "level must be >= 0");
    }
    if name.is_empty() && level == 0 {
        return raise!(cx, ValueError, "Empty module name");
    }
    let full = absolute(cx, name, args.get(1), level)?;
    let module = import_module(cx, &full)?;
    let fromlist = args.not_none(3);
    let wants_names = match fromlist {
        Some(v) => protocol::truth(cx, v)?,
        None => false,
    };
    if wants_names {
        if let Some(names) = fromlist {
            import_submodules(cx, &full, module, names, false)?;
        }
        return Ok(module);
    }
    // `import a.b.c` binds `a`.
    let n_dots = name.matches('.').count();
    if n_dots == 0 {
        return Ok(module);
    }
    let first = if level == 0 {
        full.split('.').next().unwrap_or(&full).to_owned()
    } else {
        let keep = full.matches('.').count() + 1 - n_dots;
        full.split('.').take(keep).collect::<Vec<_>>().join(".")
    };
    import_module(cx, &first)
}

/// `from package import name` may mean a submodule.
fn import_submodules(
    cx: &mut Cx,
    full: &str,
    module: Value,
    names: Value,
    all: bool,
) -> Completion<()> {
    let path = cx.name(N::path);
    if protocol::get_attr_opt(cx, module, path)?.is_none() {
        return Ok(());
    }
    let names = protocol::collect(cx, names)?;
    for &name in names.as_slice() {
        let Some(text) = string::text(name) else {
            let got = cx.type_name(name);
            let place = if all { format!("{full}.__all__") } else { "``from list''".to_owned() };
            return raise!(cx, TypeError, "Item in {place} must be str, not {got}");
        };
        if text == "*" && !all {
            let all = cx.name(N::all);
            if let Some(all) = protocol::get_attr_opt(cx, module, all)? {
                import_submodules(cx, full, module, all, true)?;
            }
            continue;
        }
        let name = string::interned(cx, name)?;
        if protocol::get_attr_opt(cx, module, name)?.is_some() {
            continue;
        }
        let sub = format!("{full}.{text}");
        if let Err(escape) = import_module(cx, &sub)
            && !is_missing(cx, escape.exception(), &sub)?
        {
            return Err(escape);
        }
    }
    Ok(())
}

fn is_missing(cx: &mut Cx, e: Option<Obj>, name: &str) -> Completion<bool> {
    let Some(e) = e else { return Ok(false) };
    if !taipan_objects::class::is_subclass(e.class(), cx.class(T::ModuleNotFoundError)) {
        return Ok(false);
    }
    let field = cx.intern("name")?;
    let missing = protocol::get_attr_opt(cx, e.into(), field)?.unwrap_or(Value::NONE);
    Ok(string::text(missing) == Some(name))
}
