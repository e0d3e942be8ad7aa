//! The program: where its text comes from, the module `__main__`, running it.

use std::{
    ffi::OsStr,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use taipan_objects::{
    Completion, Cx, Kind, Obj, T, Value,
    exc::raise_message,
    protocol, raise,
    types::{bytes, dict},
};

use super::complain;
use crate::{
    cli::{Config, Program},
    code::disasm,
    compiling::{self, CompileMode, Job},
    modules, os,
    txn::driver,
    vm::{enter, function, state::vm_ref},
};

/// Makes the module `__main__` and enters it.
///
/// # Errors
/// `MemoryError`.
pub fn make_main(cx: &mut Cx) -> Completion<Obj> {
    let main = modules::new_module(cx, "__main__", Value::NONE)?;
    let name = cx.intern("__main__")?;
    let modules_dict = vm_ref(cx).shared.modules();
    dict::set_item(cx, modules_dict, name, main.into())?;
    let builtins = cx.intern("builtins")?;
    let builtins = dict::get_item_name(cx, modules_dict, builtins)?;
    modules::set(cx, main, "__builtins__", builtins)?;
    modules::set(cx, main, "__loader__", Value::NONE)?;
    modules::set(cx, main, "__spec__", Value::NONE)?;
    Ok(main)
}

/// Runs a code object as the program.
///
/// # Errors
/// Whatever it raises.
pub fn run_main(cx: &mut Cx, code: Obj, main: Obj) -> Completion<Value> {
    let Some(globals) = modules::namespace(main) else {
        return Err(raise_message(cx, T::SystemError, "__main__ has no namespace"));
    };
    let f = driver::with_attempt(cx, |cx| function::new(cx, code, globals.into()))?;
    enter::call_function(cx, f, &[globals.into()], &[])
}

/// Reads the whole of standard input.
fn read_stdin() -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut bytes);
    bytes
}

/// The path of a program as `__file__` has it: absolute, but otherwise as given.
pub(crate) fn absolute(path: &OsStr) -> PathBuf {
    let given = Path::new(path);
    match std::env::current_dir() {
        // `join` would take a leading `.` out.
        Ok(here) if given.is_relative() => {
            let mut whole = here.into_os_string();
            whole.push("/");
            whole.push(given);
            whole.into()
        }
        _ => given.to_path_buf(),
    }
}

/// Whether a file ends as Zip archives do.
fn is_archive(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    memchr::memmem::find(tail, b"PK\x05\x06").is_some()
}

/// The text of a program and its name; `None` for a folder or archive, which `runpy` runs.
fn read_program(path: &OsStr) -> std::io::Result<Option<(Vec<u8>, String)>> {
    let file = absolute(path);
    if file.is_dir() {
        return Ok(None);
    }
    let bytes = std::fs::read(&file)?;
    if is_archive(&bytes) {
        return Ok(None);
    }
    Ok(Some((bytes, file.to_string_lossy().into_owned())))
}

/// Whether `sys.path` begins with the program itself: a folder or an archive.
pub(crate) fn is_importable(path: &Path) -> bool {
    path.is_dir() || std::fs::read(path).is_ok_and(|bytes| is_archive(&bytes))
}

/// Whether statements are typed in, rather than read from a file or a pipe.
pub(super) fn reads_terminal(config: &Config) -> bool {
    let from_stdin = matches!(config.program, None | Some(Program::Stdin { .. }));
    from_stdin && (config.interactive || os::is_tty(0))
}

pub(super) fn program_source(config: &Config) -> Result<Option<(Vec<u8>, String)>, i32> {
    match &config.program {
        Some(Program::Command(text)) => {
            Ok(Some((text.clone().into_bytes(), "<string>".to_owned())))
        }
        Some(Program::File(path)) => match read_program(path) {
            Ok(Some((bytes, name))) if config.skip_first_line => {
                let end = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
                Ok(Some((bytes[end..].to_vec(), name)))
            }
            Ok(found) => Ok(found),
            Err(error) => {
                let path = absolute(path);
                let (name, path) = (&config.program_name, path.to_string_lossy());
                let errno = error.raw_os_error().unwrap_or(0);
                let text = os::error_text(errno);
                let line = format!("{name}: can't open file '{path}': [Errno {errno}] {text}\n");
                complain(&line);
                Err(2)
            }
        },
        Some(Program::Module(_)) => Ok(None),
        Some(Program::Stdin { .. }) | None if reads_terminal(config) => Ok(None),
        Some(Program::Stdin { .. }) | None => Ok(Some((read_stdin(), "<stdin>".to_owned()))),
    }
}

pub(super) fn run_program(
    cx: &mut Cx,
    config: &Config,
    source: Option<(Vec<u8>, String)>,
) -> Completion<()> {
    match source {
        Some((bytes, filename)) if config.stm.dis => {
            let listing = driver::with_attempt(cx, |cx| {
                let job =
                    Job { is_text: is_command(config), ..Job::new(&filename, CompileMode::Exec) };
                compiling::unit(cx, &bytes, &job).map(|unit| disasm::listing(&unit))
            })?;
            let _ = std::io::stdout().write_all(listing.as_bytes());
        }
        Some((bytes, filename)) => {
            let (code, main) =
                driver::with_attempt(cx, |cx| prepare(cx, config, &bytes, filename))?;
            os::unmap_idle_code();
            run_main(cx, code, main)?;
        }
        None => {
            let (name, alters_argv) = match &config.program {
                Some(Program::Module(name)) => (name.as_str(), true),
                // An archive on `sys.path[0]`.
                Some(Program::File(_)) => ("__main__", false),
                _ => return driver::with_attempt(cx, make_main).map(drop),
            };
            let (f, name) = driver::with_attempt(cx, |cx| {
                make_main(cx)?;
                let runpy = cx.world.import_module(cx, "runpy")?;
                let f = cx.intern("_run_module_as_main")?;
                Ok((protocol::get_attr(cx, runpy, f)?, cx.new_str(name)?))
            })?;
            os::unmap_idle_code();
            protocol::call(cx, f, &[name, Value::bool(alters_argv)])?;
        }
    }
    Ok(())
}

fn is_command(config: &Config) -> bool {
    matches!(config.program, Some(Program::Command(_)))
}

/// The program's code and its module.
fn prepare(cx: &mut Cx, config: &Config, bytes: &[u8], filename: String) -> Completion<(Obj, Obj)> {
    let main = make_main(cx)?;
    let is_text = is_command(config);
    if is_text {
        let text = String::from_utf8_lossy(bytes).into_owned();
        vm_ref(cx).shared.sources.lock().insert(filename.clone(), text);
    }
    if !is_text && filename != "<stdin>" {
        let file = cx.new_str(&filename)?;
        modules::set(cx, main, "__file__", file)?;
        modules::set(cx, main, "__cached__", Value::NONE)?;
    }
    if !is_text && bytes.starts_with(&COMPILED) {
        return Ok((compiled(cx, bytes)?, main));
    }
    let job = Job { is_text, ..Job::new(&filename, CompileMode::Exec) };
    Ok((compiling::code(cx, bytes, &job)?, main))
}

/// What files of compiled code begin with.
const COMPILED: [u8; 4] = modules::_imp::MAGIC.to_le_bytes();

/// The code in such a file, behind its header.
fn compiled(cx: &mut Cx, file: &[u8]) -> Completion<Obj> {
    const HEADER: usize = 16;
    let marshal = cx.world.import_module(cx, "marshal")?;
    let loads = cx.intern("loads")?;
    let data = bytes::new(cx, file.get(HEADER..).unwrap_or_default())?;
    let code = protocol::call_method(cx, marshal, loads, &[data])?;
    match code.obj().filter(|o| o.kind() == Kind::Code) {
        Some(code) => Ok(code),
        None => raise!(cx, RuntimeError, "Bad code object in .pyc file"),
    }
}
