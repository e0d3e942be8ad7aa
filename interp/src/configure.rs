//! What the command line and the environment say, put into `sys` and the standard streams.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt as _,
    path::PathBuf,
    sync::atomic::Ordering,
};

use taipan_objects::{
    Completion, Cx, Value,
    protocol::{self, RootVec},
    types::dict,
};

use crate::{
    cli::{CheckHashPycs, Config, HashSeed, Program},
    modules::{self, posix::decode},
    run::{absolute, is_importable},
    vm::state::vm_ref,
};

fn strings(cx: &mut Cx, items: &[String]) -> Completion<Value> {
    let mut all = RootVec::new();
    for item in items {
        let v = cx.new_str(item)?;
        all.push(cx, v)?;
    }
    crate::vm::exec::containers::new_list(cx, all.as_slice())
}

/// Strings of the operating system: bytes that are no text become surrogate escapes.
fn system_strings<'a>(cx: &mut Cx, items: impl Iterator<Item = &'a OsStr>) -> Completion<Value> {
    let mut all = RootVec::new();
    for item in items {
        let v = decode(cx, item.as_bytes())?;
        all.push(cx, v)?;
    }
    crate::vm::exec::containers::new_list(cx, all.as_slice())
}

fn set_sys(cx: &mut Cx, name: &str, v: Value) -> Completion<()> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern(name)?;
    dict::set_item(cx, sys, name, v)
}

/// Fills `sys` from the command line.
pub(crate) fn configure(cx: &mut Cx, config: &Config) -> Completion<()> {
    let first = match &config.program {
        Some(Program::Command(_)) => OsStr::new("-c"),
        Some(Program::Module(_)) => OsStr::new("-m"),
        Some(Program::File(path)) => path.as_os_str(),
        Some(Program::Stdin { dash: true }) => OsStr::new("-"),
        _ => OsStr::new(""),
    };
    let rest = config.args.iter().map(AsRef::as_ref);
    let v = system_strings(cx, std::iter::once(first).chain(rest))?;
    set_sys(cx, "argv", v)?;
    let given: Vec<OsString> = std::env::args_os().collect();
    let v = system_strings(cx, given.iter().map(AsRef::as_ref))?;
    set_sys(cx, "orig_argv", v)?;
    let v = strings(cx, &config.warn_options)?;
    set_sys(cx, "warnoptions", v)?;
    let xoptions = dict::new(cx)?;
    for (name, value) in &config.x_options {
        let key = cx.new_str(name)?;
        let value = match value {
            Some(value) => cx.new_str(value)?,
            None => Value::TRUE,
        };
        dict::set_item(cx, xoptions, key, value)?;
    }
    set_sys(cx, "_xoptions", xoptions.into())?;
    set_sys(cx, "dont_write_bytecode", Value::bool(config.dont_write_bytecode))?;
    search_path(cx, config)?;
    cx.world.set_warns_bytes(config.bytes_warning > 0);
    if let Some(digits) = config.int_max_str_digits {
        cx.world.set_int_max_str_digits(digits as usize);
    }
    if let Some(folder) = config.pycache_prefix.as_ref().filter(|folder| !folder.is_empty()) {
        let folder = cx.new_str(folder)?;
        set_sys(cx, "pycache_prefix", folder)?;
    }
    home(cx, config)?;
    check_hash_pycs(cx, config)?;
    let n = |b: bool| Value::small(i64::from(b));
    let values = [
        Value::small(config.debug.into()),
        n(config.inspect),
        n(config.interactive),
        Value::small(config.optimize.into()),
        n(config.dont_write_bytecode),
        n(config.no_user_site),
        n(config.no_site),
        n(config.ignore_environment),
        Value::small(config.verbose.into()),
        Value::small(config.bytes_warning.into()),
        n(config.quiet),
        n(config.hash_seed != HashSeed::Fixed(0)),
        n(config.isolated),
        Value::bool(config.dev_mode),
        n(config.utf8_mode),
        n(config.warn_default_encoding),
        Value::bool(config.safe_path),
        Value::small(config.int_max_str_digits.map_or(4300, i64::from)),
        Value::small(0),
        Value::small(1),
        Value::small(1),
    ];
    let flags = modules::sys::info::flags(cx, &values)?;
    set_sys(cx, "flags", flags)
}

/// `PYTHONHOME` is `prefix`, or `prefix:exec_prefix`.
fn home(cx: &mut Cx, config: &Config) -> Completion<()> {
    let Some(home) = &config.python_home else { return Ok(()) };
    let home = home.to_string_lossy();
    let (prefix, exec_prefix) = home.split_once(':').unwrap_or((&home, &home));
    for (names, path) in
        [(["prefix", "base_prefix"], prefix), (["exec_prefix", "base_exec_prefix"], exec_prefix)]
    {
        let path = cx.new_str(path)?;
        names.iter().try_for_each(|name| set_sys(cx, name, path))?;
    }
    Ok(())
}

/// A library under `PYTHONHOME`, which comes before our own.
fn library_at_home(config: &Config) -> Option<PathBuf> {
    let home = config.python_home.as_ref()?.to_string_lossy().into_owned();
    let prefix = home.split(':').next()?;
    Some(PathBuf::from(prefix).join("lib/python3.14")).filter(|library| library.is_dir())
}

fn check_hash_pycs(cx: &mut Cx, config: &Config) -> Completion<()> {
    let text = match config.check_hash_pycs {
        CheckHashPycs::Default => return Ok(()),
        CheckHashPycs::Always => "always",
        CheckHashPycs::Never => "never",
    };
    let (name, text) = (cx.intern("check_hash_based_pycs")?, cx.new_str(text)?);
    let module = cx.world.import_module(cx, "_imp")?;
    protocol::set_attr(cx, module, name, text)
}

/// Where the program's own modules are.
fn program_folder(config: &Config) -> Option<String> {
    if config.safe_path {
        return match &config.program {
            // A folder or archive that is run is asked for by name.
            Some(Program::File(file)) if is_importable(&absolute(file)) => {
                Some(absolute(file).to_string_lossy().into_owned())
            }
            _ => None,
        };
    }
    match &config.program {
        Some(Program::File(file)) => {
            let file = absolute(file);
            let real = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
            let folder = if is_importable(&real) { Some(file.as_path()) } else { real.parent() };
            Some(folder.map_or(String::new(), |p| p.to_string_lossy().into_owned()))
        }
        Some(Program::Module(_)) => Some(
            std::env::current_dir().map_or(String::new(), |p| p.to_string_lossy().into_owned()),
        ),
        _ => Some(String::new()),
    }
}

fn search_path(cx: &mut Cx, config: &Config) -> Completion<()> {
    let mut path: Vec<String> = Vec::new();
    if let Some(extra) = &config.python_path {
        path.extend(std::env::split_paths(extra).map(|p| p.to_string_lossy().into_owned()));
    }
    let root = crate::stdlib::root();
    path.extend(library_at_home(config).map(|p| p.to_string_lossy().into_owned()));
    path.push(root.to_string_lossy().into_owned());
    let v = strings(cx, &path)?;
    set_sys(cx, "path", v)
}

/// Whether the streams take any bytes: where the locale says nothing about the encoding.
fn is_plain_locale(config: &Config) -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let plain = ["C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"];
    config.utf8_mode || locale.is_none_or(|name| plain.contains(&name.as_str()))
}

/// The name that the codec has for itself; UTF-8's if none is asked for.
fn codec_name(cx: &mut Cx, encoding: &str) -> Completion<String> {
    if encoding.is_empty() {
        return Ok("utf-8".to_owned());
    }
    let codecs = cx.world.import_module(cx, "codecs")?;
    let (lookup, name) = (cx.intern("lookup")?, cx.intern("name")?);
    let encoding = cx.new_str(encoding)?;
    let codec = protocol::call_method(cx, codecs, lookup, &[encoding])?;
    let name = protocol::get_attr(cx, codec, name)?;
    protocol::convert::str_text(cx, name)
}

/// Opens the standard streams, with the encoding and the error handler of `PYTHONIOENCODING`.
///
/// # Errors
/// `LookupError` for an unknown encoding.
pub(crate) fn streams(cx: &mut Cx, config: &Config) -> Completion<()> {
    let asked = config.io_encoding.as_deref().unwrap_or_default();
    let (encoding, handler) = asked.split_once(':').unwrap_or((asked, ""));
    let encoding = codec_name(cx, encoding)?;
    let io = cx.world.import_module(cx, "_io")?;
    let open = cx.intern("open")?;
    let f = protocol::get_attr(cx, io, open)?;
    let builtins = vm_ref(cx).shared.builtins();
    dict::set_item(cx, builtins, open, f)?;
    let lenient =
        if asked.is_empty() && is_plain_locale(config) { "surrogateescape" } else { "strict" };
    for (fd, name, hidden, errors) in [
        (0, "stdin", "__stdin__", lenient),
        (1, "stdout", "__stdout__", lenient),
        (2, "stderr", "__stderr__", "backslashreplace"),
    ] {
        let errors = if handler.is_empty() || fd == 2 { errors } else { handler };
        let v = match modules::_io::standard_stream(
            cx,
            fd,
            fd != 0,
            (&encoding, errors),
            config.unbuffered && fd != 0,
        ) {
            Ok(v) if config.interactive && fd == 1 => {
                let (reconfigure, name) = (cx.intern("reconfigure")?, cx.intern("line_buffering")?);
                let f = protocol::get_attr(cx, v, reconfigure)?;
                protocol::call::call_kw(cx, f, &[Value::TRUE], &[name])?;
                v
            }
            Ok(v) => v,
            Err(escape) if escape.is_abort() || !asked.is_empty() => return Err(escape),
            Err(_) => Value::NONE,
        };
        set_sys(cx, name, v)?;
        set_sys(cx, hidden, v)?;
    }
    Ok(())
}

/// Adds what `site` adds: further folders to `sys.path`, `exit` and the like to the builtins.
pub(crate) fn site(cx: &mut Cx, config: &Config) -> Completion<()> {
    if !config.no_site {
        let starting = &vm_ref(cx).shared.starting;
        // Relaxed: set and read by the main thread.
        starting.store(true, Ordering::Relaxed);
        let done = cx.world.import_module(cx, "site");
        starting.store(false, Ordering::Relaxed);
        done?;
    }
    if !config.warn_options.is_empty() {
        // It complains about options that it does not understand.
        cx.world.import_module(cx, "warnings")?;
    }
    Ok(())
}

/// Puts the program's own folder in front of `sys.path`.
pub(crate) fn program_path(cx: &mut Cx, config: &Config) -> Completion<()> {
    let Some(first) = program_folder(config) else { return Ok(()) };
    let first = cx.new_str(&first)?;
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern("path")?;
    let path = dict::get_item_name(cx, sys, name)?;
    let insert = cx.intern("insert")?;
    protocol::call_method(cx, path, insert, &[Value::small(0), first])?;
    Ok(())
}
