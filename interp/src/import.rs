//! Importing: the table of modules, native modules, the embedded library, files on `sys.path`.

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, Value,
    native::Args,
    protocol, raise,
    types::{T, dict, str as string},
};

use crate::{
    modules,
    run::{self, CompileMode},
    stdlib,
    vm::{function, state::vm_ref},
};

/// `world.import_module`: the module with a dotted name.
///
/// # Errors
/// Whatever the import raises.
pub fn import_module(cx: &mut Cx, name: &str) -> Completion<Value> {
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    let found = dict::get_item_name(cx, table, key)?;
    if found.is_bound() && !found.is_none() {
        return Ok(found);
    }
    load(cx, name)
}

fn load(cx: &mut Cx, name: &str) -> Completion<Value> {
    if let Some((parent, _)) = name.rsplit_once('.') {
        import_module(cx, parent)?;
        // The parent may have entered it: `os.path`, `collections.abc`.
        let key = cx.intern(name)?;
        let table = vm_ref(cx).shared.modules();
        if let Some(found) = dict::get_item_name(cx, table, key)?.bound()
            && !found.is_none()
        {
            return Ok(found);
        }
    }
    let module = match modules::find(name) {
        Some(def) => {
            let m = modules::make(cx, def)?;
            enter(cx, name, m.into())?;
            m.into()
        }
        None => load_source(cx, name)?,
    };
    if let Some((parent, leaf)) = name.rsplit_once('.') {
        let parent = import_module(cx, parent)?;
        let leaf = cx.intern(leaf)?;
        protocol::set_attr(cx, parent, leaf, module)?;
    }
    // A module may replace itself.
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    Ok(dict::get_item_name(cx, table, key)?.bound().unwrap_or(module))
}

fn enter(cx: &mut Cx, name: &str, module: Value) -> Completion<()> {
    let key = cx.intern(name)?;
    let table = vm_ref(cx).shared.modules();
    dict::set_item(cx, table, key, module)
}

struct Source {
    bytes: Vec<u8>,
    filename: String,
    is_package: bool,
}

fn find_source(cx: &mut Cx, name: &str) -> Completion<Option<Source>> {
    if let Some(found) = stdlib::find(name)
        && let Some(bytes) = stdlib::read(&found.path)
    {
        let exe = std::env::current_exe().unwrap_or_default();
        let root = stdlib::root_for(&exe);
        return Ok(Some(Source {
            bytes: bytes.into_owned(),
            filename: root.join(&found.path).to_string_lossy().into_owned(),
            is_package: found.is_package,
        }));
    }
    let leaf = name.rsplit('.').next().unwrap_or(name);
    let folders = match name.rsplit_once('.') {
        Some((parent, _)) => {
            let parent = import_module(cx, parent)?;
            let path = cx.name(N::path);
            match protocol::get_attr_opt(cx, parent, path)? {
                Some(p) => p,
                None => return Ok(None),
            }
        }
        None => {
            let sys = vm_ref(cx).shared.sys();
            let path = cx.intern("path")?;
            dict::get_item_name(cx, sys, path)?
        }
    };
    if folders.is_unbound() {
        return Ok(None);
    }
    let folders = protocol::collect(cx, folders)?;
    for &folder in folders.as_slice() {
        let Some(folder) = string::text(folder) else { continue };
        let base = std::path::Path::new(if folder.is_empty() { "." } else { folder }).join(leaf);
        for (path, is_package) in
            [(base.join("__init__.py"), true), (base.with_extension("py"), false)]
        {
            if let Ok(bytes) = std::fs::read(&path) {
                let filename = path.to_string_lossy().into_owned();
                return Ok(Some(Source { bytes, filename, is_package }));
            }
        }
    }
    Ok(None)
}

fn load_source(cx: &mut Cx, name: &str) -> Completion<Value> {
    let Some(source) = find_source(cx, name)? else { return not_found(cx, name) };
    let code =
        run::compile_source(cx, &source.bytes, &source.filename, CompileMode::Exec, 0, false)?;
    let module = modules::new_module(cx, name, Value::NONE)?;
    let file = cx.new_str(&source.filename)?;
    modules::set(cx, module, "__file__", file)?;
    let package =
        if source.is_package { name } else { name.rsplit_once('.').map_or("", |(p, _)| p) };
    let package = cx.intern(package)?;
    modules::set(cx, module, "__package__", package)?;
    if source.is_package {
        let folder =
            std::path::Path::new(&source.filename).parent().unwrap_or(std::path::Path::new(""));
        let folder = cx.new_str(&folder.to_string_lossy())?;
        let path = crate::vm::exec::containers::new_list(cx, &[folder])?;
        modules::set(cx, module, "__path__", path)?;
    }
    let builtins = vm_ref(cx).shared.builtins();
    modules::set(cx, module, "__builtins__", builtins.into())?;
    enter(cx, name, module.into())?;
    let result = match modules::namespace(module) {
        Some(globals) => {
            let f = function::new(cx, code, globals.into())?;
            protocol::call(cx, f.into(), &[globals.into()])
        }
        None => Ok(Value::NONE),
    };
    if let Err(escape) = result {
        if !escape.is_abort() {
            let key = cx.intern(name)?;
            let table = vm_ref(cx).shared.modules();
            dict::del_item(cx, table, key)?;
        }
        return Err(escape);
    }
    Ok(module.into())
}

fn not_found(cx: &mut Cx, name: &str) -> Completion<Value> {
    let mut message = format!("No module named '{name}'");
    if let Some((parent, _)) = name.rsplit_once('.') {
        let key = cx.intern(parent)?;
        let table = vm_ref(cx).shared.modules();
        let module = dict::get_item_name(cx, table, key)?;
        let path = cx.name(N::path);
        if module.is_bound() && protocol::get_attr_opt(cx, module, path)?.is_none() {
            message.push_str(&format!("; '{parent}' is not a package"));
        }
    }
    let escape = taipan_objects::exc::raise_message(cx, T::ModuleNotFoundError, &message);
    if let Some(e) = escape.exception() {
        let name = cx.intern(name)?;
        let field = cx.intern("name")?;
        protocol::set_attr(cx, e.into(), field, name)?;
    }
    Err(escape)
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
        None => {
            let key = cx.name(N::name);
            let own = dict::get_item_name(cx, globals, key)?;
            let own = string::text(own).unwrap_or("").to_owned();
            let path = cx.name(N::path);
            if dict::get_item_name(cx, globals, path)?.is_bound() {
                own
            } else {
                own.rsplit_once('.').map_or(String::new(), |(p, _)| p.to_owned())
            }
        }
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
            import_submodules(cx, &full, module, names)?;
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
fn import_submodules(cx: &mut Cx, full: &str, module: Value, names: Value) -> Completion<()> {
    let path = cx.name(N::path);
    if protocol::get_attr_opt(cx, module, path)?.is_none() {
        return Ok(());
    }
    let names = protocol::collect(cx, names)?;
    for &name in names.as_slice() {
        let Some(text) = string::text(name) else { continue };
        if text == "*" {
            let all = cx.name(N::all);
            if let Some(all) = protocol::get_attr_opt(cx, module, all)? {
                import_submodules(cx, full, module, all)?;
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

// ---- the finder that importlib sees ---------------------------------------------------------

fn find_spec(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(name) = string::text(args.get(0)) else { return Ok(Value::NONE) };
    if modules::find(name).is_none() && find_source(cx, name)?.is_none() {
        return Ok(Value::NONE);
    }
    let bootstrap = import_module(cx, "importlib._bootstrap")?;
    let class = cx.intern("ModuleSpec")?;
    let class = protocol::get_attr(cx, bootstrap, class)?;
    let loader = cx.type_for(&FINDER)?;
    protocol::call(cx, class, &[args.get(0), loader.into()])
}

fn create_module(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.intern("name")?;
    let name = protocol::get_attr(cx, args.get(0), name)?;
    let text = string::text(name).unwrap_or("").to_owned();
    import_module(cx, &text)
}

/// Finder and loader over this file, for `importlib.import_module` and its kin.
pub static FINDER: taipan_objects::TypeDef = taipan_objects::TypeDef {
    name: "Importer",
    module: "importlib",
    static_methods: &[
        taipan_objects::NativeDef {
            name: "find_spec",
            sig: "(fullname, path=None, target=None)",
            effect: taipan_objects::Effect::Transactional,
            run: find_spec,
            doc: "Find the spec of a module.",
        },
        taipan_objects::NativeDef {
            name: "create_module",
            sig: "(spec)",
            effect: taipan_objects::Effect::Transactional,
            run: create_module,
            doc: "Import the module.",
        },
        taipan_objects::NativeDef {
            name: "exec_module",
            sig: "(module)",
            effect: taipan_objects::Effect::Transactional,
            run: |_, _| Ok(Value::NONE),
            doc: "The module has been run by its import.",
        },
    ],
    ..taipan_objects::TypeDef::BASE
};
