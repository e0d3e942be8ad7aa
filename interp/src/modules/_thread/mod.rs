//! `_thread`: the functions of the module.
//!
//! `locks.rs` holds locks, `handle.rs` what a thread can be waited for by, `start.rs` how threads begin, `local.rs`
//! thread-local data.

mod handle;
mod local;
mod locks;
mod start;

use std::time::Duration;

use taipan_objects::{
    Args, Completion, Cx, Effect, Kind, NativeDef, Obj, T, Value, exc,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::exception,
};

use self::{
    handle::{HANDLE, make_handle},
    locks::{LOCK, RLOCK, allocate_lock},
    start::{start_joinable, start_new},
};
use crate::{
    modules::{self, _signal, ModuleDef, structseq::SeqDef},
    os, report, run,
    txn::{driver, threads},
    vm::state::vm_ref,
};

const fn row(
    name: &'static str,
    sig: &'static str,
    effect: Effect,
    run: NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect, run, doc }
}

const fn pure(
    name: &'static str,
    sig: &'static str,
    run: NativeFn,
    doc: &'static str,
) -> NativeDef {
    row(name, sig, Effect::Transactional, run, doc)
}

/// The running thread's identifier.
pub fn ident(cx: &Cx) -> Value {
    Value::small(vm_ref(cx).driver.ident)
}

/// A time limit that may be an int or a float.
fn seconds(cx: &mut Cx, v: Value) -> Completion<f64> {
    if let Some(f) = v.float_value() {
        if f.is_nan() {
            return raise!(cx, ValueError, "Invalid value NaN (not a number)");
        }
        return Ok(f);
    }
    Ok(protocol::index_i64(cx, v)? as f64)
}

const TIMEOUT_MAX: f64 = 9_223_372_036.0;

static EXCEPT_HOOK_ARGS: SeqDef = SeqDef::new(
    "_thread",
    "_ExceptHookArgs",
    &["exc_type", "exc_value", "exc_traceback", "thread"],
    4,
);

/// `_excepthook(args)`: the traceback of an exception that ended a thread.
fn except_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = args.get(0).obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[][..], Obj::items);
    let &[kind, value, traceback, thread] = items else {
        return raise!(cx, TypeError, "_thread._excepthook argument type must be ExceptHookArgs");
    };
    if kind == Value::from(cx.class(T::SystemExit)) {
        return Ok(Value::NONE);
    }
    let name = if thread.is_none() {
        vm_ref(cx).driver.ident.to_string()
    } else {
        let name = cx.intern("name")?;
        let name = protocol::get_attr(cx, thread, name)?;
        protocol::convert::str_text(cx, name)?
    };
    let mut text = format!("Exception in thread {name}:\n");
    if let Some(e) = value.obj().filter(|e| e.kind() == Kind::Exception) {
        if !traceback.is_none() {
            cx.set(e, exception::slot::TRACEBACK, traceback)?;
        }
        text.push_str(&report::text(cx, e)?);
    }
    report::to_stderr(cx, &text)?;
    Ok(Value::NONE)
}

fn stack_size(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let new = match args.opt(0) {
        Some(v) => protocol::index_i64(cx, v)?,
        None => -1,
    };
    if new > 0 && new < 32_768 {
        return raise!(cx, ValueError, "size not valid: {new} bytes");
    }
    let old = vm_ref(cx).shared.threads.stack_size(usize::try_from(new).ok());
    Ok(Value::small(old as i64))
}

fn set_name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // What the system keeps of a name.
    const MOST: usize = 15;
    let name = convert::expect_str(cx, args.get(0), "set_name() argument 'name'")?;
    let mut end = name.len().min(MOST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    if let Ok(name) = std::ffi::CString::new(&name[..end]) {
        os::name_thread(&name);
    }
    Ok(Value::NONE)
}

fn interrupt_main(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    _signal::simulate(cx, args.get(0))?;
    Ok(Value::NONE)
}

fn shutdown(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    while vm_ref(cx).shared.threads.joinable() > 0 {
        driver::blocking(cx, &mut || std::thread::sleep(Duration::from_millis(1)))?;
        run::pending_calls(cx)?;
    }
    Ok(Value::NONE)
}

fn exit(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Err(exc::raise_empty(cx, T::SystemExit))
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let lock = cx.type_for(&LOCK)?;
    modules::set(cx, module, "LockType", lock.into())?;
    modules::set(cx, module, "TIMEOUT_MAX", Value::float(TIMEOUT_MAX))?;
    let error = cx.class(T::RuntimeError);
    modules::set(cx, module, "error", error.into())?;
    let hook_args = EXCEPT_HOOK_ARGS.class(cx)?;
    modules::set(cx, module, "_ExceptHookArgs", hook_args.into())
}

/// The module `_thread`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_thread",
    doc: "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    functions: &[
        row(
            "start_new_thread",
            "(function, args, kwargs=<unset>, /)",
            Effect::Irrevocable,
            audited!("_thread.start_new_thread" [0, 1, 2], start_new),
            "Start a new thread and return its identifier.",
        ),
        row(
            "start_new",
            "(function, args, kwargs=<unset>, /)",
            Effect::Irrevocable,
            audited!("_thread.start_new_thread" [0, 1, 2], start_new),
            "An obsolete synonym of start_new_thread().",
        ),
        row(
            "start_joinable_thread",
            "(function, handle=None, daemon=True)",
            Effect::Irrevocable,
            audited!("_thread.start_joinable_thread" [0, (flag 2), 1], start_joinable),
            "*For internal use only*: start a new thread.",
        ),
        pure(
            "daemon_threads_allowed",
            "()",
            |_, _| Ok(Value::TRUE),
            "Return True if daemon threads are allowed in the current interpreter,\nand False otherwise.",
        ),
        pure("allocate_lock", "()", allocate_lock, "Create a new lock object."),
        pure("allocate", "()", allocate_lock, "An obsolete synonym of allocate_lock()."),
        pure(
            "get_ident",
            "()",
            |cx, _| Ok(ident(cx)),
            "Return a non-zero integer that uniquely identifies the current thread.",
        ),
        pure(
            "get_native_id",
            "()",
            |_, _| Ok(Value::small(i64::from(os::thread_id()))),
            "Return a non-negative integer identifying the thread as reported by the OS.",
        ),
        pure(
            "_get_main_thread_ident",
            "()",
            |_, _| Ok(Value::small(threads::MAIN_IDENT)),
            "Internal only. Return a non-zero integer that uniquely identifies the main thread.",
        ),
        pure(
            "_is_main_interpreter",
            "()",
            |_, _| Ok(Value::TRUE),
            "Return True if the current interpreter is the main Python interpreter.",
        ),
        pure(
            "_make_thread_handle",
            "(ident, /)",
            make_handle,
            "Internal only. Make a thread handle for threads not spawned by the _thread or threading module.",
        ),
        pure(
            "_shutdown",
            "()",
            shutdown,
            "Wait for all non-daemon threads (other than the calling thread) to stop.",
        ),
        pure(
            "_count",
            "()",
            |cx, _| Ok(Value::small(vm_ref(cx).shared.threads.others() as i64)),
            "Return the number of currently running Python threads.",
        ),
        pure(
            "stack_size",
            "(size=<unset>, /)",
            stack_size,
            "Return the thread stack size used when creating new threads.",
        ),
        pure(
            "interrupt_main",
            "(signum=2, /)",
            interrupt_main,
            "Simulate the arrival of the given signal in the main thread.",
        ),
        pure("exit", "()", exit, "This is synonymous to ``raise SystemExit''."),
        pure("exit_thread", "()", exit, "An obsolete synonym of exit()."),
        pure(
            "_excepthook",
            "(exc_info, /)",
            except_hook,
            "Handle uncaught Thread.run() exception.",
        ),
        pure("set_name", "(name)", set_name, "Set the name of the current thread."),
    ],
    types: &[&LOCK, &RLOCK, &HANDLE, &local::LOCAL],
    exec: fill,
};
