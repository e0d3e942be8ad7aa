//! `faulthandler`: shows the calls of the running thread when it is asked to. Fatal signals and time limits show nothing.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::dict,
};

use super::{ModuleDef, namespace, posix::files::int_arg, set};
use crate::{os, vm::state::vm_ref};

const ENABLED: &str = "_enabled";

fn set_enabled(cx: &mut Cx, on: bool) -> Completion<()> {
    let module = cx.world.import_module(cx, "faulthandler")?;
    match module.obj() {
        Some(module) => set(cx, module, ENABLED, on.into()),
        None => Ok(()),
    }
}

fn is_enabled(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "faulthandler")?;
    let name = cx.intern(ENABLED)?;
    match module.obj().and_then(namespace) {
        Some(names) => dict::get_item_name(cx, names, name),
        None => Ok(Value::FALSE),
    }
}

/// The descriptor of a `file` argument: a number, a file, or by default `sys.stderr`.
fn descriptor(cx: &mut Cx, file: Option<Value>) -> Completion<i32> {
    let file = match file {
        Some(file) => file,
        None => {
            let (sys, name) = (vm_ref(cx).shared.sys(), cx.intern("stderr")?);
            dict::get_item_name(cx, sys, name)?
        }
    };
    if convert::as_int(file).is_some() {
        let fd = int_arg(cx, file)?;
        return match fd {
            0.. => Ok(fd),
            _ => raise!(cx, ValueError, "file is not a valid file descriptor"),
        };
    }
    if file.is_unbound() || file.is_none() {
        return raise!(cx, RuntimeError, "unable to get sys.stderr");
    }
    let (fileno, flush) = (cx.intern("fileno")?, cx.name(taipan_objects::N::flush));
    let fd = protocol::call_method(cx, file, fileno, &[])?;
    let fd = int_arg(cx, fd)?;
    protocol::call_method(cx, file, flush, &[])?;
    Ok(fd)
}

/// One line per call, the innermost first.
fn calls(cx: &mut Cx) -> Completion<String> {
    let sys = cx.world.import_module(cx, "sys")?;
    let name = cx.intern("_getframe")?;
    let mut frame = protocol::call_method(cx, sys, name, &[])?;
    let mut text = String::new();
    while !frame.is_none() {
        let part = |cx: &mut Cx, of: Value, name: &str| {
            let name = cx.intern(name)?;
            protocol::get_attr(cx, of, name)
        };
        let (code, line) = (part(cx, frame, "f_code")?, part(cx, frame, "f_lineno")?);
        let (file, name) = (part(cx, code, "co_filename")?, part(cx, code, "co_name")?);
        let (file, name) = (convert::str_text(cx, file)?, convert::str_text(cx, name)?);
        text += &format!("  File \"{file}\", line {} in {name}\n", convert::str_text(cx, line)?);
        frame = part(cx, frame, "f_back")?;
    }
    Ok(text)
}

fn dump_traceback(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = descriptor(cx, args.opt(0))?;
    let all = match args.opt(1) {
        Some(v) => protocol::truth(cx, v)?,
        None => true,
    };
    let head = if all {
        format!("Current thread 0x{:016x}", vm_ref(cx).driver.ident)
    } else {
        "Stack".to_owned()
    };
    let text = format!("{head} (most recent call first):\n{}", calls(cx)?);
    // Nobody is told when it cannot be written.
    let _ = os::write(fd, text.as_bytes());
    Ok(Value::NONE)
}

fn enable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    descriptor(cx, args.opt(0))?;
    set_enabled(cx, true)?;
    Ok(Value::NONE)
}

fn disable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let was = is_enabled(cx, args)?;
    set_enabled(cx, false)?;
    Ok(was)
}

fn later(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let timeout = match args.get(0).float_value() {
        Some(seconds) => seconds,
        None => convert::index_i64(cx, args.get(0))? as f64,
    };
    if timeout <= 0.0 {
        return raise!(cx, ValueError, "timeout must be greater than 0");
    }
    descriptor(cx, args.opt(2))?;
    Ok(Value::NONE)
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    int_arg(cx, args.get(0))?;
    descriptor(cx, args.opt(1))?;
    Ok(Value::NONE)
}

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Irrevocable, run, doc: "" }
}

/// `faulthandler`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "faulthandler",
    doc: "faulthandler module.",
    functions: &[
        row("enable", "(file=<unset>, all_threads=True, c_stack=True)", enable),
        row("disable", "()", disable),
        NativeDef { effect: Effect::Transactional, ..row("is_enabled", "()", is_enabled) },
        row("dump_traceback", "(file=<unset>, all_threads=True)", dump_traceback),
        row("dump_traceback_later", "(timeout, repeat=False, file=<unset>, exit=False)", later),
        row("cancel_dump_traceback_later", "()", |_, _| Ok(Value::NONE)),
        row("register", "(signum, file=<unset>, all_threads=True, chain=False)", register),
        row("unregister", "(signum, /)", |_, _| Ok(Value::FALSE)),
    ],
    exec: |cx: &mut Cx, module: Obj| set(cx, module, ENABLED, Value::FALSE),
    ..ModuleDef::BASE
};
