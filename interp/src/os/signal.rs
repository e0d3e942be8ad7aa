//! Signals: what happens when one arrives, sending, blocking and waiting; the timers that send them.

use std::{
    ffi::CStr,
    sync::atomic::{AtomicI32, AtomicU64, Ordering::Relaxed},
};

use super::{OsResult, check, exit_now, ids, seconds};

/// What happens when a signal arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalAction {
    /// The system's default.
    Default,
    /// Nothing.
    Ignore,
    /// It is noted for [`take_signals`].
    Catch,
}

// A signal handler can reach nothing but statics: these two are the one exception to "no statics with state".
static ARRIVED: AtomicU64 = AtomicU64::new(0);
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);

extern "C" fn note_signal(signal: libc::c_int) {
    // Relaxed: a bit is all that is passed on.
    ARRIVED.fetch_or(1 << (signal - 1), Relaxed);
    let fd = WAKEUP_FD.load(Relaxed);
    if fd >= 0 {
        let byte = signal as u8;
        // SAFETY: `write` is async-signal-safe; the buffer is a live local.
        unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
    }
}

/// Signals that arrived and were not taken yet, bit `n - 1` for signal `n`; without taking them.
#[inline(always)]
pub fn signals_arrived() -> bool {
    ARRIVED.load(Relaxed) != 0
}

/// Takes the signals that arrived.
pub fn take_signals() -> u64 {
    ARRIVED.swap(0, Relaxed)
}

/// Notes signals again that were taken but not served.
pub fn post_signals(bits: u64) {
    ARRIVED.fetch_or(bits, Relaxed);
}

/// Descriptor that a byte is written to for each signal, -1 for none; returns the old one.
pub fn set_wakeup_fd(fd: i32) -> i32 {
    WAKEUP_FD.swap(fd, Relaxed)
}

/// Decides what happens when `signal` arrives.
///
/// # Errors
/// `EINVAL` for signals that cannot be caught.
pub fn set_signal(signal: i32, action: SignalAction) -> OsResult<()> {
    // SAFETY: all-zero is a valid `sigaction` with an empty mask and no flags, so that system calls are interrupted.
    let mut sa: libc::sigaction = unsafe { std::mem::zeroed() };
    sa.sa_sigaction = match action {
        SignalAction::Default => libc::SIG_DFL,
        SignalAction::Ignore => libc::SIG_IGN,
        SignalAction::Catch => note_signal as extern "C" fn(libc::c_int) as libc::sighandler_t,
    };
    // SAFETY: the handler only touches atomics and `write`.
    check(unsafe { libc::sigaction(signal, &sa, std::ptr::null_mut()) }.into()).map(drop)
}

/// Whether a signal is ignored; `None` for numbers that are no signals of programs.
pub fn is_ignored(signal: i32) -> Option<bool> {
    // SAFETY: all-zero is a valid `sigaction`.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: only asks; `now` is a live local.
    let result = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut now) };
    (result == 0).then_some(now.sa_sigaction == libc::SIG_IGN)
}

/// Sends a signal.
///
/// # Errors
/// The operating system's.
pub fn kill(pid: i32, signal: i32) -> OsResult<()> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::kill(pid, signal) }.into()).map(drop)
}

/// Sends a signal to one thread of this process; 0 only looks whether it exists.
///
/// # Errors
/// The operating system's.
pub fn signal_thread(thread: i32, signal: i32) -> OsResult<()> {
    let process = ids()[0];
    // SAFETY: passes numbers.
    check(unsafe { libc::syscall(libc::SYS_tgkill, process, thread, signal) }).map(drop)
}

/// Dies of `signal` as if it had never been caught.
pub fn die_of(signal: i32) -> ! {
    let _ = set_signal(signal, SignalAction::Default);
    let _ = kill(ids()[0] as i32, signal);
    exit_now(128 + signal)
}

/// Blocks, unblocks or sets signals of the running thread (`None`: only asks); the mask from before, bit `n - 1` for signal `n`.
///
/// # Errors
/// `EINVAL`.
pub fn signal_mask(how: i32, signals: Option<u64>) -> OsResult<u64> {
    let new = set_of(signals.unwrap_or(0));
    let mut old = set_of(0);
    let given = if signals.is_some() { &raw const new } else { std::ptr::null() };
    // SAFETY: both sets are live locals.
    let errno = unsafe { libc::pthread_sigmask(how, given, &raw mut old) };
    if errno != 0 { Err(errno) } else { Ok(set_bits(&old)) }
}

/// The signals of these bits.
fn set_of(bits: u64) -> libc::sigset_t {
    // SAFETY: all-zero is a valid signal set.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    for signal in (1..=64).filter(|n| bits & (1 << (n - 1)) != 0) {
        // SAFETY: `set` is a live local.
        unsafe { libc::sigaddset(&raw mut set, signal) };
    }
    set
}

/// The bits of these signals.
fn set_bits(set: &libc::sigset_t) -> u64 {
    // SAFETY: reads bits of a live set.
    (1..=64).filter(|&n| unsafe { libc::sigismember(set, n) } == 1).map(|n| 1 << (n - 1)).sum()
}

/// Blocked signals that wait, bit `n - 1` for signal `n`.
pub fn pending_signals() -> u64 {
    let mut set = set_of(0);
    // SAFETY: `set` is a live local.
    unsafe { libc::sigpending(&raw mut set) };
    set_bits(&set)
}

/// Waits for one of the signals, which should be blocked; `None` when the time is over. Gives its number, code, error
/// number, sender and the sender's user, status and band.
///
/// # Errors
/// The operating system's.
pub fn wait_signal(signals: u64, timeout_ns: Option<i64>) -> OsResult<Option<[i64; 7]>> {
    let set = set_of(signals);
    let time = timeout_ns
        .map(|ns| libc::timespec { tv_sec: ns / 1_000_000_000, tv_nsec: ns % 1_000_000_000 });
    let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: all-zero is a valid `siginfo_t`.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: set and `info` are live; `time` is null or points to a live local.
    let signal = unsafe { libc::sigtimedwait(&raw const set, &raw mut info, time) };
    match check(signal.into()) {
        // SAFETY: reads numbers of a structure that was zeroed and filled in, whichever variant it is.
        Ok(_) => Ok(Some(unsafe {
            [
                info.si_signo.into(),
                info.si_code.into(),
                info.si_errno.into(),
                info.si_pid().into(),
                info.si_uid().into(),
                info.si_status().into(),
                info.si_addr() as i64,
            ]
        })),
        Err(libc::EAGAIN) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// `alarm`: seconds that were left of the previous one.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: no memory is passed.
    unsafe { libc::alarm(seconds) }
}

/// `setitimer`: what was left of the old one and its interval, in seconds.
///
/// # Errors
/// `EINVAL`.
pub fn set_timer(which: i32, first: f64, interval: f64) -> OsResult<(f64, f64)> {
    let of = |s: f64| libc::timeval { tv_sec: s as i64, tv_usec: (s.fract() * 1e6) as i64 };
    let new = libc::itimerval { it_interval: of(interval), it_value: of(first) };
    let mut old = new;
    // SAFETY: both structures are live locals.
    check(unsafe { libc::setitimer(which as _, &new, &mut old) }.into())?;
    Ok((seconds(old.it_value), seconds(old.it_interval)))
}

/// What is left of an interval timer and its interval, in seconds.
///
/// # Errors
/// `EINVAL`.
pub fn timer(which: i32) -> OsResult<(f64, f64)> {
    // SAFETY: all-zero is a valid `itimerval`.
    let mut now: libc::itimerval = unsafe { std::mem::zeroed() };
    // SAFETY: `now` is a live local.
    check(unsafe { libc::getitimer(which as _, &raw mut now) }.into())?;
    Ok((seconds(now.it_value), seconds(now.it_interval)))
}

/// The system's text for a signal.
pub fn signal_name(signal: i32) -> Option<String> {
    // SAFETY: `strsignal` returns a NUL-terminated string that stays valid until the next call on this thread.
    unsafe {
        let text = libc::strsignal(signal);
        (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
    }
}
