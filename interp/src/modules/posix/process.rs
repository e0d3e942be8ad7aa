//! Calls of `posix` about the process, the machine and its children.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, T, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{bytes, exc_fields::os_error, text_args::check_size},
};

use super::{
    files::{blocking, int_arg},
    path::path_arg,
};
use crate::{modules::structseq::SeqDef, os, vm::state::vm_ref};

pub(super) static UNAME: SeqDef = SeqDef::new(
    "posix",
    "uname_result",
    &["sysname", "nodename", "release", "version", "machine"],
    5,
);
pub(super) static TIMES: SeqDef = SeqDef::new(
    "posix",
    "times_result",
    &["user", "system", "children_user", "children_system", "elapsed"],
    5,
);
/// `os.terminal_size`.
pub static TERMINAL_SIZE: SeqDef = SeqDef::new("os", "terminal_size", &["columns", "lines"], 2);

fn id(i: usize) -> Value {
    Value::small(os::ids()[i])
}

fn uname(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let mut values = [Value::NONE; 5];
    for (v, text) in values.iter_mut().zip(os::uname()) {
        *v = cx.new_str(&text)?;
    }
    UNAME.make(cx, &values)
}

fn times(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let elapsed = os::clock_ns(libc::CLOCK_MONOTONIC).unwrap_or(0) as f64 * 1e-9;
    let mut values: Vec<Value> = os::cpu_times().into_iter().map(Value::float).collect();
    values.push(Value::float(elapsed));
    TIMES.make(cx, &values)
}

fn urandom(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = convert::index_i64(cx, args.get(0))?;
    let Ok(n) = usize::try_from(n) else {
        return raise!(cx, ValueError, "negative argument not allowed");
    };
    let mut buffer = vec![0; check_size(cx, Some(n))?];
    match os::random(&mut buffer) {
        Ok(()) => bytes::new(cx, &buffer),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn terminal_size(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = match args.opt(0) {
        Some(v) => int_arg(cx, v)?,
        None => 1,
    };
    match os::terminal_size(fd) {
        Ok((columns, lines)) => {
            TERMINAL_SIZE.make(cx, &[Value::small(columns.into()), Value::small(lines.into())])
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn strerror(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = int_arg(cx, args.get(0))?;
    let text = std::io::Error::from_raw_os_error(code).to_string();
    cx.new_str(text.split(" (os error").next().unwrap_or_default())
}

fn kill(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (pid, signal) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    match os::kill(pid, signal) {
        Ok(()) => {
            // A signal to this process is served before the call returns.
            (cx.world.upcalls().safepoint)(cx)?;
            Ok(Value::NONE)
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn waitpid(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (pid, options) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let (pid, status) = blocking(cx, Value::UNBOUND, || os::wait_pid(pid, options))?;
    cx.new_tuple(&[Value::small(pid.into()), Value::small(status.into())])
}

fn exit_code(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let status = int_arg(cx, args.get(0))?;
    exit_code_of(cx, status)
}

/// The exit code in a wait status, or the signal as a negative number.
///
/// # Errors
/// `ValueError` for a status of a process that has not ended.
pub(super) fn exit_code_of(cx: &mut Cx, status: i32) -> Completion<Value> {
    if libc::WIFEXITED(status) {
        return Ok(Value::small(libc::WEXITSTATUS(status).into()));
    }
    if libc::WIFSIGNALED(status) {
        return Ok(Value::small(-i64::from(libc::WTERMSIG(status))));
    }
    raise!(cx, ValueError, "invalid wait status: {status}")
}

fn system(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    use std::os::unix::process::ExitStatusExt as _;
    let command = path_arg(cx, args.get(0), "system", false)?;
    let run = || {
        let status = std::process::Command::new("/bin/sh").arg("-c").arg(&command.os).status();
        status.map(|s| s.into_raw()).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
    };
    let status = blocking(cx, Value::UNBOUND, run)?;
    Ok(Value::small(status.into()))
}

fn cpu_count(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    if let Some(n) = vm_ref(cx).shared.options.cpu_count {
        return Ok(Value::small(n.into()));
    }
    Ok(match std::thread::available_parallelism() {
        Ok(n) => Value::small(n.get() as i64),
        Err(_) => Value::NONE,
    })
}

fn affinity(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let cpus: Vec<Value> = os::affinity().into_iter().map(|c| Value::small(c as i64)).collect();
    let tuple = cx.new_tuple(&cpus)?;
    let class = cx.class(T::set).into();
    protocol::call(cx, class, &[tuple])
}

fn exit_now(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    os::exit_now(int_arg(cx, args.get(0))?)
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

use Effect::{Blocking, Irrevocable, Transactional};

/// Functions of `posix` about processes and the machine.
pub const FUNCTIONS: &[NativeDef] = &[
    row("getpid", "()", Transactional, |_, _| Ok(id(0))),
    row("getppid", "()", Transactional, |_, _| Ok(id(1))),
    row("getuid", "()", Transactional, |_, _| Ok(id(2))),
    row("geteuid", "()", Transactional, |_, _| Ok(id(3))),
    row("getgid", "()", Transactional, |_, _| Ok(id(4))),
    row("getegid", "()", Transactional, |_, _| Ok(id(5))),
    row("getpgrp", "()", Transactional, |_, _| Ok(id(6))),
    row("uname", "()", Transactional, uname),
    row("times", "()", Transactional, times),
    row("urandom", "(size, /)", Transactional, urandom),
    row("getrandom", "(size, flags=0)", Transactional, urandom),
    row("get_terminal_size", "(fd=<unset>, /)", Transactional, terminal_size),
    row("strerror", "(code, /)", Transactional, strerror),
    row("kill", "(pid, signal, /)", Irrevocable, audited!("os.kill" [0, 1], kill)),
    row("waitpid", "(pid, options, /)", Blocking, waitpid),
    row("waitstatus_to_exitcode", "(status)", Transactional, exit_code),
    row("WIFEXITED", "(status)", Transactional, |cx, a| {
        Ok(libc::WIFEXITED(int_arg(cx, a.get(0))?).into())
    }),
    row("WEXITSTATUS", "(status)", Transactional, |cx, a| {
        Ok(Value::small(libc::WEXITSTATUS(int_arg(cx, a.get(0))?).into()))
    }),
    row("WIFSIGNALED", "(status)", Transactional, |cx, a| {
        Ok(libc::WIFSIGNALED(int_arg(cx, a.get(0))?).into())
    }),
    row("WTERMSIG", "(status)", Transactional, |cx, a| {
        Ok(Value::small(libc::WTERMSIG(int_arg(cx, a.get(0))?).into()))
    }),
    row("WIFSTOPPED", "(status)", Transactional, |cx, a| {
        Ok(libc::WIFSTOPPED(int_arg(cx, a.get(0))?).into())
    }),
    row("WSTOPSIG", "(status)", Transactional, |cx, a| {
        Ok(Value::small(libc::WSTOPSIG(int_arg(cx, a.get(0))?).into()))
    }),
    row("system", "(command)", Blocking, audited!("os.system"[0], system)),
    row("cpu_count", "()", Transactional, cpu_count),
    row("sched_getaffinity", "(pid, /)", Transactional, affinity),
    row("_exit", "(status)", Irrevocable, exit_now),
    row(
        "register_at_fork",
        "(*, before=None, after_in_child=None, after_in_parent=None)",
        Transactional,
        |_, _| {
            // There is no fork to hook into: a process with several transactional threads cannot be copied.
            Ok(Value::NONE)
        },
    ),
];
