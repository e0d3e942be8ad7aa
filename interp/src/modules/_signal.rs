//! `_signal`: signal handlers in Python. The C-level handler only sets a bit; the main thread looks at its next safepoint.

use std::time::{Duration, Instant};

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, Kind, NativeDef, Obj, T, Value,
    exc::raise_empty,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{dict, exc_fields::os_error},
};

use super::{
    ModuleDef, exception_class, namespace,
    posix::{blocking, files::int_arg},
    set, set_ints,
    structseq::SeqDef,
};
use crate::{
    os::{self, Plain},
    txn::{driver, threads::MAIN_IDENT},
    vm::state::vm_ref,
};

const HANDLERS: &str = "_handlers";
const TIMER_ERROR: &str = "ItimerError";
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

fn is_main(cx: &Cx) -> bool {
    vm_ref(cx).driver.ident == MAIN_IDENT
}

fn expect_main(cx: &mut Cx, what: &str) -> Completion<()> {
    if is_main(cx) {
        return Ok(());
    }
    raise!(cx, ValueError, "{what} only works in main thread of the main interpreter")
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
    expect_main(cx, "signal")?;
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

/// Sends this process a signal. Handlers run in the main thread: before this returns, if it is the running one.
fn send(cx: &mut Cx, n: i32) -> Completion<Value> {
    let sent = if is_main(cx) {
        os::plain(Plain::Raise, n, 0, 0).map(drop)
    } else {
        os::kill(os::ids()[0] as i32, n)
    };
    match sent {
        Ok(()) => served(cx),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

/// Runs the handlers of what has arrived.
fn served(cx: &mut Cx) -> Completion<Value> {
    (cx.world.upcalls().safepoint)(cx)?;
    Ok(Value::NONE)
}

fn raise_signal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = int_arg(cx, args.get(0))?;
    send(cx, n)
}

/// `_thread.interrupt_main`: as if the signal had arrived, which does nothing when no handler of Python's is set.
///
/// # Errors
/// `ValueError`; what the handler raises.
pub fn simulate(cx: &mut Cx, signal: Value) -> Completion<()> {
    let n = number(cx, signal)?;
    let handler = handler_of(cx, n)?;
    if protocol::find_special(cx, handler, taipan_objects::Special::Call).is_some() {
        driver::irrevocable(cx)?;
        send(cx, n)?;
    }
    Ok(())
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
    match v.float_value() {
        Some(f) if f.is_nan() => raise!(cx, ValueError, "Invalid value NaN (not a number)"),
        Some(f) => Ok(f),
        None => Ok(convert::index_i64(cx, v)? as f64),
    }
}

fn timer_result(cx: &mut Cx, result: os::OsResult<(f64, f64)>) -> Completion<Value> {
    match result {
        Ok((left, interval)) => cx.new_tuple(&[Value::float(left), Value::float(interval)]),
        Err(errno) => {
            let module = cx.world.import_module(cx, "_signal")?;
            let name = cx.intern(TIMER_ERROR)?;
            let class = protocol::get_attr(cx, module, name)?;
            let text = cx.new_str(&os::error_text(errno))?;
            let e = protocol::call(cx, class, &[Value::small(errno.into()), text])?;
            match e.obj().filter(|e| e.kind() == Kind::Exception) {
                Some(e) => Err(Escape::raise(e)),
                None => Err(os_error(cx, errno, Value::UNBOUND)),
            }
        }
    }
}

fn setitimer(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let which = int_arg(cx, args.get(0))?;
    let (first, interval) = (seconds(cx, args.get(1))?, seconds(cx, args.get(2))?);
    timer_result(cx, os::set_timer(which, first, interval))
}

fn getitimer(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let which = int_arg(cx, args.get(0))?;
    timer_result(cx, os::timer(which))
}

// ---- sets of signals -----------------------------------------------------------------------------

/// An iterable of signal numbers as bits.
fn bits_arg(cx: &mut Cx, v: Value) -> Completion<u64> {
    let mut bits = 0;
    for &item in protocol::collect(cx, v)?.as_slice() {
        let n = convert::index_big(cx, item)?;
        if !(1..65).contains(&n) {
            return raise!(cx, ValueError, "signal number {n} out of range [1; 64]");
        }
        bits |= 1 << (n - 1);
    }
    Ok(bits)
}

fn set_of(cx: &mut Cx, bits: u64) -> Completion<Value> {
    let all: Vec<Value> =
        (1..65).filter(|n| bits & (1 << (n - 1)) != 0).map(Value::small).collect();
    let tuple = cx.new_tuple(&all)?;
    protocol::call(cx, cx.class(T::set).into(), &[tuple])
}

fn pthread_sigmask(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let how = int_arg(cx, args.get(0))?;
    let bits = bits_arg(cx, args.get(1))?;
    match os::signal_mask(how, Some(bits)) {
        Ok(old) => {
            // What was unblocked has arrived.
            served(cx)?;
            set_of(cx, old)
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

/// Waits until one of the signals is pending, and takes it; `None` when the time is over.
fn wait_for(cx: &mut Cx, bits: u64, timeout: Option<f64>) -> Completion<Option<[i64; 7]>> {
    let left_ns = |end: Instant| {
        i64::try_from(end.saturating_duration_since(Instant::now()).as_nanos()).unwrap_or(i64::MAX)
    };
    let end = timeout.and_then(|t| Duration::try_from_secs_f64(t).ok()).map(|t| Instant::now() + t);
    blocking(cx, Value::UNBOUND, || os::wait_signal(bits, end.map(left_ns)))
}

static SIGINFO: SeqDef = SeqDef::new(
    "signal",
    "struct_siginfo",
    &["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"],
    7,
);

fn info_of(cx: &mut Cx, found: Option<[i64; 7]>) -> Completion<Value> {
    let Some(found) = found else { return Ok(Value::NONE) };
    let mut values = protocol::RootVec::new();
    for n in found {
        let v = cx.new_int(n)?;
        values.push(cx, v)?;
    }
    SIGINFO.make(cx, values.as_slice())
}

fn sigwait(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = bits_arg(cx, args.get(0))?;
    let found = wait_for(cx, bits, None)?;
    Ok(found.map_or(Value::NONE, |info| Value::small(info[0])))
}

fn sigwaitinfo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = bits_arg(cx, args.get(0))?;
    let found = wait_for(cx, bits, None)?;
    info_of(cx, found)
}

fn sigtimedwait(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = bits_arg(cx, args.get(0))?;
    let timeout = seconds(cx, args.get(1))?;
    if timeout < 0.0 {
        return raise!(cx, ValueError, "timeout must be non-negative");
    }
    let found = wait_for(cx, bits, Some(timeout))?;
    info_of(cx, found)
}

fn pthread_kill(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let ident = convert::index_i64(cx, args.get(0))?;
    let n = int_arg(cx, args.get(1))?;
    let sent = match vm_ref(cx).shared.threads.native_id(ident) {
        Some(thread) => os::signal_thread(thread, n),
        None => Err(libc::ESRCH),
    };
    match sent {
        Ok(()) => served(cx),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn pause(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let run = cx.world.upcalls().blocking;
    // It always ends with EINTR.
    run(cx, &mut || {
        let _ = os::plain(Plain::Pause, 0, 0, 0);
    })?;
    served(cx)
}

fn set_wakeup_fd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    expect_main(cx, "set_wakeup_fd")?;
    if fd != -1 {
        match os::is_blocking(fd) {
            Ok(false) => {}
            Ok(true) => {
                return raise!(cx, ValueError, "the fd {fd} must be in non-blocking mode");
            }
            Err(errno) => return Err(os_error(cx, errno, Value::UNBOUND)),
        }
    }
    Ok(Value::small(os::set_wakeup_fd(fd).into()))
}

fn strsignal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = number(cx, args.get(0))?;
    match os::signal_name(n) {
        Some(text) => cx.new_str(&text),
        None => Ok(Value::NONE),
    }
}

fn valid_signals(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    // The C library keeps 32 and 33 to itself.
    set_of(cx, !(3 << 31))
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
    ("SIGCLD", libc::SIGCHLD),
    ("SIGIOT", libc::SIGABRT),
    ("SIGPOLL", libc::SIGIO),
    ("SIGPWR", libc::SIGPWR),
    ("SIGSTKFLT", libc::SIGSTKFLT),
    ("SIGRTMIN", 34),
    ("SIGRTMAX", 64),
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
        for n in 1..65 {
            let found = match os::is_ignored(n) {
                Some(false) if n == libc::SIGINT => handler,
                Some(false) => continue,
                Some(true) => Value::small(IGNORE),
                None => Value::NONE,
            };
            dict::set_item(cx, table, Value::small(n.into()), found)?;
        }
    }
    set(cx, module, HANDLERS, table.into())?;
    let info = SIGINFO.class(cx)?;
    set(cx, module, "struct_siginfo", info.into())?;
    let base = cx.class(T::OSError).into();
    let error = exception_class(cx, ("signal", "itimer_error"), &[base])?;
    set(cx, module, TIMER_ERROR, error)
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
        row("getitimer", "(which, /)", Effect::Transactional, getitimer),
        row("siginterrupt", "(signalnum, flag, /)", Effect::Transactional, |cx, args| {
            // System calls that a handler interrupts are always started again.
            number(cx, args.get(0))?;
            Ok(Value::NONE)
        }),
        row("pthread_sigmask", "(how, mask, /)", Effect::Irrevocable, pthread_sigmask),
        row("pthread_kill", "(thread_id, signalnum, /)", Effect::Irrevocable, pthread_kill),
        row("sigpending", "()", Effect::Transactional, |cx, _| set_of(cx, os::pending_signals())),
        row("sigwait", "(sigset, /)", Effect::Blocking, sigwait),
        row("sigwaitinfo", "(sigset, /)", Effect::Blocking, sigwaitinfo),
        row("sigtimedwait", "(sigset, timeout, /)", Effect::Blocking, sigtimedwait),
        row("pause", "()", Effect::Blocking, pause),
        row(
            "set_wakeup_fd",
            "(fd, /, *, warn_on_full_buffer=True)",
            Effect::Irrevocable,
            set_wakeup_fd,
        ),
    ],
    exec,
    ..ModuleDef::BASE
};
