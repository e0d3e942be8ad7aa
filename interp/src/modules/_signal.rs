//! `_signal`: signal handlers in Python. The C-level handler only sets a bit; the main thread looks at its next safepoint.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, T, Value,
    exc::raise_empty,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{dict, exc_fields::os_error},
};

use super::{ModuleDef, namespace, set, set_ints};
use crate::os;

const HANDLERS: &str = "_handlers";
const DEFAULT: i64 = 0;
const IGNORE: i64 = 1;

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

fn handlers(cx: &mut Cx) -> Completion<Option<Obj>> {
    let module = cx.world.import_module(cx, "_signal")?;
    let name = cx.intern(HANDLERS)?;
    match module.obj().and_then(namespace) {
        Some(d) => Ok(dict::get_item_name(cx, d, name)?.obj()),
        None => Ok(None),
    }
}

fn number(cx: &mut Cx, v: Value) -> Completion<i32> {
    let n = convert::index_i64(cx, v)?;
    if (1..65).contains(&n) {
        Ok(n as i32)
    } else {
        raise!(cx, ValueError, "signal number out of range")
    }
}

fn handler_of(cx: &mut Cx, signal: i32) -> Completion<Value> {
    match handlers(cx)? {
        Some(d) => Ok(dict::get_item(cx, d, Value::small(signal.into()))?
            .bound()
            .unwrap_or(Value::small(DEFAULT))),
        None => Ok(Value::NONE),
    }
}

fn signal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = number(cx, args.get(0))?;
    let action = args.get(1);
    let code = convert::as_i64(action);
    let callable = protocol::find_special(cx, action, taipan_objects::Special::Call).is_some();
    if !callable && !matches!(code, Some(DEFAULT | IGNORE)) {
        return raise!(
            cx,
            TypeError,
            "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
        );
    }
    let old = handler_of(cx, n)?;
    let kind = match code {
        Some(DEFAULT) => os::SignalAction::Default,
        Some(_) => os::SignalAction::Ignore,
        None => os::SignalAction::Catch,
    };
    if let Err(errno) = os::set_signal(n, kind) {
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    if let Some(d) = handlers(cx)? {
        dict::set_item(cx, d, Value::small(n.into()), action)?;
    }
    Ok(old)
}

fn getsignal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = number(cx, args.get(0))?;
    handler_of(cx, n)
}

fn default_int_handler(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Err(raise_empty(cx, T::KeyboardInterrupt))
}

fn raise_signal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = number(cx, args.get(0))?;
    if let Err(errno) = os::kill(os::ids()[0] as i32, n) {
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    run_handlers(cx)?;
    Ok(Value::NONE)
}

fn run_handler(cx: &mut Cx, n: i32) -> Completion<()> {
    let handler = handler_of(cx, n)?;
    if protocol::find_special(cx, handler, taipan_objects::Special::Call).is_some() {
        let frame = running_frame(cx)?;
        protocol::call(cx, handler, &[Value::small(n.into()), frame])?;
    } else if n == libc::SIGINT {
        return Err(raise_empty(cx, T::KeyboardInterrupt));
    }
    Ok(())
}

/// The frame that was interrupted.
fn running_frame(cx: &mut Cx) -> Completion<Value> {
    let sys = cx.world.import_module(cx, "sys")?;
    let name = cx.intern("_getframe")?;
    match protocol::get_attr_opt(cx, sys, name)? {
        Some(f) => protocol::call(cx, f, &[]),
        None => Ok(Value::NONE),
    }
}

/// Calls the Python handlers of signals that arrived. Only the main thread may.
///
/// # Errors
/// Whatever handlers raise, `KeyboardInterrupt` for an unhandled interrupt.
pub fn run_handlers(cx: &mut Cx) -> Completion<()> {
    let mut left = os::take_signals();
    while left != 0 {
        let n = left.trailing_zeros() as i32 + 1;
        left &= left - 1;
        if let Err(escape) = run_handler(cx, n) {
            // The others are served at the next safepoint.
            os::post_signals(left);
            return Err(escape);
        }
    }
    Ok(())
}

fn alarm(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let seconds = convert::index_i64(cx, args.get(0))?;
    Ok(Value::small(os::alarm(seconds.max(0) as u32).into()))
}

fn seconds(cx: &mut Cx, v: Value) -> Completion<f64> {
    let f = protocol::call(cx, cx.class(T::float).into(), &[v])?;
    Ok(f.float_value().unwrap_or(0.0))
}

fn setitimer(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let which = convert::index_i64(cx, args.get(0))? as i32;
    let (first, interval) = (seconds(cx, args.get(1))?, seconds(cx, args.get(2))?);
    match os::set_timer(which, first, interval) {
        Ok((a, b)) => cx.new_tuple(&[Value::float(a), Value::float(b)]),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn strsignal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = number(cx, args.get(0))?;
    match os::signal_name(n) {
        Some(text) => cx.new_str(&text),
        None => Ok(Value::NONE),
    }
}

fn valid_signals(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let all: Vec<Value> = (1..65).filter(|n| *n != 32 && *n != 33).map(Value::small).collect();
    let tuple = cx.new_tuple(&all)?;
    protocol::call(cx, cx.class(T::set).into(), &[tuple])
}

const NUMBERS: &[(&str, i32)] = &[
    ("SIGHUP", libc::SIGHUP),
    ("SIGINT", libc::SIGINT),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGABRT", libc::SIGABRT),
    ("SIGBUS", libc::SIGBUS),
    ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGALRM", libc::SIGALRM),
    ("SIGTERM", libc::SIGTERM),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGIO", libc::SIGIO),
    ("SIGSYS", libc::SIGSYS),
    ("ITIMER_REAL", libc::ITIMER_REAL),
    ("ITIMER_VIRTUAL", libc::ITIMER_VIRTUAL),
    ("ITIMER_PROF", libc::ITIMER_PROF),
    ("NSIG", 65),
    ("SIG_DFL", DEFAULT as i32),
    ("SIG_IGN", IGNORE as i32),
    ("SIG_BLOCK", libc::SIG_BLOCK),
    ("SIG_UNBLOCK", libc::SIG_UNBLOCK),
    ("SIG_SETMASK", libc::SIG_SETMASK),
];

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    for &(name, n) in NUMBERS {
        set_ints(cx, module, &[(name, n.into())])?;
    }
    let table = dict::new(cx)?;
    let name = cx.intern("default_int_handler")?;
    if let Some(d) = namespace(module) {
        let handler = dict::get_item_name(cx, d, name)?;
        dict::set_item(cx, table, Value::small(libc::SIGINT.into()), handler)?;
        dict::set_item(cx, table, Value::small(libc::SIGPIPE.into()), Value::small(IGNORE))?;
    }
    set(cx, module, HANDLERS, table.into())
}

/// `_signal`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_signal",
    doc: "This module provides mechanisms to use signal handlers in Python.",
    functions: &[
        row("signal", "(signalnum, handler, /)", Effect::Irrevocable, signal),
        row("getsignal", "(signalnum, /)", Effect::Transactional, getsignal),
        row(
            "default_int_handler",
            "(signalnum, frame, /)",
            Effect::Transactional,
            default_int_handler,
        ),
        row("raise_signal", "(signalnum, /)", Effect::Irrevocable, raise_signal),
        row("alarm", "(seconds, /)", Effect::Irrevocable, alarm),
        row("setitimer", "(which, seconds, interval=0, /)", Effect::Irrevocable, setitimer),
        row("strsignal", "(signalnum, /)", Effect::Transactional, strsignal),
        row("valid_signals", "()", Effect::Transactional, valid_signals),
        row("siginterrupt", "(signalnum, flag, /)", Effect::Transactional, |_, _| Ok(Value::NONE)),
        row(
            "set_wakeup_fd",
            "(fd, /, *, warn_on_full_buffer=True)",
            Effect::Irrevocable,
            |cx, args| {
                let fd = convert::index_i64(cx, args.get(0))?;
                Ok(Value::small(os::set_wakeup_fd(fd as i32).into()))
            },
        ),
    ],
    exec,
    ..ModuleDef::BASE
};
