//! Safe, thin wrappers over the C library for what `std` does not offer. The only room of `interp` that calls it.
//!
//! Errors are plain `errno` numbers; strings with NUL bytes give `EINVAL`.

mod at;
mod calls;
mod net;
mod spawn;
mod system;

pub use self::{at::*, calls::*, net::*, spawn::*, system::*};

use std::{
    ffi::{CStr, CString, OsStr, OsString},
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
};

/// An `errno` number.
pub type Errno = i32;
/// A result with an `errno` number.
pub type OsResult<T> = Result<T, Errno>;

fn last() -> Errno {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)
}

fn check(result: i64) -> OsResult<i64> {
    if result < 0 { Err(last()) } else { Ok(result) }
}

/// A path for the C library.
///
/// # Errors
/// `EINVAL` when it contains a NUL byte.
pub fn c_string(path: &OsStr) -> OsResult<CString> {
    CString::new(path.as_bytes()).map_err(|_| libc::EINVAL)
}

/// Broken-down time: year, month (1-12), day, hour, minute, second, weekday (Monday 0), day of year (1..), DST flag,
/// offset from UTC in seconds, zone name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenTime {
    /// The nine fields of `struct_time`.
    pub fields: [i64; 9],
    /// Offset from UTC in seconds.
    pub gmtoff: i64,
    /// Name of the time zone.
    pub zone: String,
}

fn broken(tm: &libc::tm) -> BrokenTime {
    let zone = if tm.tm_zone.is_null() {
        String::new()
    } else {
        // SAFETY: the C library points `tm_zone` at a NUL-terminated string that lives as long as the process.
        unsafe { CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    };
    let fields = [
        i64::from(tm.tm_year) + 1900,
        i64::from(tm.tm_mon) + 1,
        tm.tm_mday.into(),
        tm.tm_hour.into(),
        tm.tm_min.into(),
        tm.tm_sec.into(),
        i64::from((tm.tm_wday + 6) % 7),
        i64::from(tm.tm_yday) + 1,
        tm.tm_isdst.into(),
    ];
    BrokenTime { fields, gmtoff: tm.tm_gmtoff, zone }
}

fn zeroed_tm() -> libc::tm {
    // SAFETY: all-zero is a valid `tm` (numbers and a null pointer).
    unsafe { std::mem::zeroed() }
}

/// Seconds since the epoch as local time or UTC.
///
/// # Errors
/// `EOVERFLOW` when the year does not fit.
pub fn break_time(seconds: i64, utc: bool) -> OsResult<BrokenTime> {
    let mut tm = zeroed_tm();
    // SAFETY: both pointers are to live locals; the functions only fill `tm` in.
    let result = unsafe {
        if utc { libc::gmtime_r(&seconds, &mut tm) } else { libc::localtime_r(&seconds, &mut tm) }
    };
    if result.is_null() {
        return Err(libc::EOVERFLOW);
    }
    Ok(broken(&tm))
}

fn to_tm(fields: &[i64; 9]) -> libc::tm {
    let clamp = |i: i64| i.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    let mut tm = zeroed_tm();
    tm.tm_year = clamp(fields[0].saturating_sub(1900));
    tm.tm_mon = clamp(fields[1] - 1);
    tm.tm_mday = clamp(fields[2]);
    tm.tm_hour = clamp(fields[3]);
    tm.tm_min = clamp(fields[4]);
    tm.tm_sec = clamp(fields[5]);
    tm.tm_wday = clamp((fields[6] + 1).rem_euclid(7));
    tm.tm_yday = clamp(fields[7] - 1);
    tm.tm_isdst = clamp(fields[8]);
    tm
}

/// Seconds since the epoch of a local time.
///
/// # Errors
/// `EOVERFLOW`.
pub fn make_time(fields: &[i64; 9]) -> OsResult<i64> {
    let mut tm = to_tm(fields);
    // A weekday that `mktime` must overwrite tells an error from the last second of 1969.
    tm.tm_wday = -1;
    // SAFETY: `tm` is a live local.
    let t = unsafe { libc::mktime(&mut tm) };
    if t == -1 && tm.tm_wday == -1 { Err(libc::EOVERFLOW) } else { Ok(t) }
}

/// `strftime` in the C library's way.
///
/// # Errors
/// `EINVAL` for a format with NUL bytes.
pub fn format_time(format: &str, time: &BrokenTime) -> OsResult<String> {
    let mut tm = to_tm(&time.fields);
    tm.tm_gmtoff = time.gmtoff;
    let zone = CString::new(time.zone.as_str()).map_err(|_| libc::EINVAL)?;
    tm.tm_zone = zone.as_ptr();
    let c_format = CString::new(format).map_err(|_| libc::EINVAL)?;
    let mut buffer = vec![0_u8; 256.max(format.len() * 16)];
    // SAFETY: the buffer has the length passed; format and `tm` are live.
    let n =
        unsafe { libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), c_format.as_ptr(), &tm) };
    buffer.truncate(n);
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

/// Reads a clock, in nanoseconds.
///
/// # Errors
/// `EINVAL` for an unknown clock.
pub fn clock_ns(clock: i32) -> OsResult<i64> {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `ts` is a live local.
    check(unsafe { libc::clock_gettime(clock, &mut ts) }.into())?;
    Ok(ts.tv_sec * 1_000_000_000 + ts.tv_nsec)
}

/// Resolution of a clock in seconds.
///
/// # Errors
/// `EINVAL` for an unknown clock.
pub fn clock_resolution(clock: i32) -> OsResult<f64> {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `ts` is a live local.
    check(unsafe { libc::clock_getres(clock, &mut ts) }.into())?;
    Ok(ts.tv_sec as f64 + ts.tv_nsec as f64 * 1e-9)
}

/// Re-reads the time zone from the environment.
pub fn tzset() {
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: only rereads TZ; the C library guards its own state.
    unsafe { tzset() };
}

/// Opens a file; the descriptor is not inheritable.
///
/// # Errors
/// The operating system's.
pub fn open(path: &OsStr, flags: i32, mode: u32, dir_fd: Option<i32>) -> OsResult<i32> {
    let path = c_string(path)?;
    // SAFETY: `path` is NUL-terminated and live.
    let fd = unsafe {
        libc::openat(dir_fd.unwrap_or(libc::AT_FDCWD), path.as_ptr(), flags | libc::O_CLOEXEC, mode)
    };
    Ok(check(fd.into())? as i32)
}

/// Closes a descriptor.
///
/// # Errors
/// The operating system's.
pub fn close(fd: i32) -> OsResult<()> {
    // SAFETY: closes a number; Python code owns its descriptors.
    check(unsafe { libc::close(fd) }.into()).map(drop)
}

/// Reads up to `buffer.len()` bytes.
///
/// # Errors
/// The operating system's.
pub fn read(fd: i32, buffer: &mut [u8]) -> OsResult<usize> {
    // SAFETY: the buffer is live and has the length passed.
    Ok(check(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) } as i64)? as usize)
}

/// Writes up to all of `data`.
///
/// # Errors
/// The operating system's.
pub fn write(fd: i32, data: &[u8]) -> OsResult<usize> {
    // SAFETY: the buffer is live and has the length passed.
    Ok(check(unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) } as i64)? as usize)
}

/// Moves the file position.
///
/// # Errors
/// The operating system's.
pub fn seek(fd: i32, offset: i64, whence: i32) -> OsResult<i64> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::lseek(fd, offset, whence) })
}

/// Cuts or extends a file.
///
/// # Errors
/// The operating system's.
pub fn truncate(fd: i32, length: i64) -> OsResult<()> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::ftruncate(fd, length) }.into()).map(drop)
}

/// Whether a descriptor is a terminal.
pub fn is_tty(fd: i32) -> bool {
    // SAFETY: no memory is passed.
    unsafe { libc::isatty(fd) == 1 }
}

/// Metadata of a path or descriptor.
///
/// # Errors
/// The operating system's.
pub fn stat(
    path: Option<&OsStr>,
    fd: i32,
    dir_fd: Option<i32>,
    follow: bool,
) -> OsResult<libc::stat> {
    // SAFETY: all-zero is a valid `stat`.
    let mut st: libc::stat = unsafe { std::mem::zeroed() };
    match path {
        None => {
            // SAFETY: `st` is a live local.
            check(unsafe { libc::fstat(fd, &mut st) }.into())?;
        }
        Some(path) => {
            let path = c_string(path)?;
            let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
            let dir = dir_fd.unwrap_or(libc::AT_FDCWD);
            // SAFETY: `path` is NUL-terminated; `st` is a live local.
            let result = unsafe { libc::fstatat(dir, path.as_ptr(), &mut st, flags) };
            check(result.into())?;
        }
    }
    Ok(st)
}

/// A call that takes one path.
fn with_path(path: &OsStr, f: impl FnOnce(*const libc::c_char) -> i32) -> OsResult<i64> {
    let path = c_string(path)?;
    check(f(path.as_ptr()).into())
}

/// `access`.
///
/// # Errors
/// The operating system's.
pub fn access(path: &OsStr, mode: i32, dir_fd: Option<i32>, flags: i32) -> OsResult<()> {
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe {
        libc::faccessat(dir_fd.unwrap_or(libc::AT_FDCWD), p, mode, flags)
    })
    .map(drop)
}

/// Sets the mode mask and returns the old one.
pub fn umask(mask: u32) -> u32 {
    // SAFETY: no memory is passed.
    unsafe { libc::umask(mask) }
}

/// Duplicates a descriptor, optionally onto `to`.
///
/// # Errors
/// The operating system's.
pub fn dup(fd: i32, to: Option<(i32, bool)>) -> OsResult<i32> {
    // SAFETY: no memory is passed.
    let new = unsafe {
        match to {
            None => libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0),
            Some((to, true)) => libc::dup2(fd, to),
            Some((to, false)) => libc::dup3(fd, to, libc::O_CLOEXEC),
        }
    };
    Ok(check(new.into())? as i32)
}

/// A pipe: read end, write end; not inheritable.
///
/// # Errors
/// The operating system's.
pub fn pipe() -> OsResult<(i32, i32)> {
    let mut fds = [0; 2];
    // SAFETY: `fds` has room for two descriptors.
    check(unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) }.into())?;
    Ok((fds[0], fds[1]))
}

/// Whether child processes inherit a descriptor.
///
/// # Errors
/// The operating system's.
pub fn inheritable(fd: i32) -> OsResult<bool> {
    // SAFETY: no memory is passed.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFD) }.into())?;
    Ok(flags as i32 & libc::FD_CLOEXEC == 0)
}

/// Decides whether child processes inherit a descriptor.
///
/// # Errors
/// The operating system's.
pub fn set_inheritable(fd: i32, on: bool) -> OsResult<()> {
    let flags = if on { 0 } else { libc::FD_CLOEXEC };
    // SAFETY: no memory is passed.
    check(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) }.into()).map(drop)
}

/// Identifiers of the process: pid, parent, user, effective user, group, effective group, process group.
pub fn ids() -> [i64; 7] {
    // SAFETY: these calls take no arguments (or 0) and cannot fail.
    unsafe {
        [
            libc::getpid().into(),
            libc::getppid().into(),
            libc::getuid().into(),
            libc::geteuid().into(),
            libc::getgid().into(),
            libc::getegid().into(),
            libc::getpgrp().into(),
        ]
    }
}

/// Sends a signal.
///
/// # Errors
/// The operating system's.
pub fn kill(pid: i32, signal: i32) -> OsResult<()> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::kill(pid, signal) }.into()).map(drop)
}

/// Columns and lines of the terminal behind a descriptor.
///
/// # Errors
/// The operating system's.
pub fn terminal_size(fd: i32) -> OsResult<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: `size` is a live local of the type that this request fills in.
    check(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) }.into())?;
    Ok((size.ws_col, size.ws_row))
}

/// System name, node name, release, version, machine.
pub fn uname() -> [String; 5] {
    // SAFETY: all-zero is a valid `utsname`; the call fills it in with NUL-terminated strings.
    let mut u: libc::utsname = unsafe { std::mem::zeroed() };
    // SAFETY: `u` is a live local.
    unsafe { libc::uname(&mut u) };
    let text = |field: &[libc::c_char]| {
        let bytes: Vec<u8> = field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    [text(&u.sysname), text(&u.nodename), text(&u.release), text(&u.version), text(&u.machine)]
}

/// Random bytes from the kernel.
///
/// # Errors
/// The operating system's.
pub fn random(buffer: &mut [u8]) -> OsResult<()> {
    let mut done = 0;
    while done < buffer.len() {
        let rest = &mut buffer[done..];
        // SAFETY: the buffer is live and has the length passed.
        done += check(unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) } as i64)?
            as usize;
    }
    Ok(())
}

/// Processors this process may run on.
pub fn affinity() -> Vec<usize> {
    // SAFETY: all-zero is an empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `set` is a live local of the size passed.
    let result = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) };
    if result != 0 {
        return vec![0];
    }
    // SAFETY: reads bits of a live set.
    (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect()
}

/// Ends the process at once, without clean-up.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(code) }
}

/// User and system CPU time of the process, then of its children, in seconds.
pub fn cpu_times() -> [f64; 4] {
    let of = |who| {
        // SAFETY: all-zero is a valid `rusage`; the call fills it in.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: `usage` is a live local.
        unsafe { libc::getrusage(who, &mut usage) };
        let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
        (seconds(usage.ru_utime), seconds(usage.ru_stime))
    };
    let (own, children) = (of(libc::RUSAGE_SELF), of(libc::RUSAGE_CHILDREN));
    [own.0, own.1, children.0, children.1]
}

/// Waits for a child: its pid and raw status; pid 0 with `WNOHANG` when none is ready.
///
/// # Errors
/// The operating system's.
pub fn wait_pid(pid: i32, options: i32) -> OsResult<(i32, i32)> {
    let mut status = 0;
    // SAFETY: `status` is a live local.
    let pid = check(unsafe { libc::waitpid(pid, &mut status, options) }.into())?;
    Ok((pid as i32, status))
}

/// A value of `sysconf`.
///
/// # Errors
/// The operating system's.
pub fn sysconf(name: i32) -> OsResult<i64> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::sysconf(name) })
}

/// Bytes of an environment variable or path as the system has them.
pub fn os_string(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}

/// Sets or removes an environment variable of the process.
pub fn set_env(name: &OsStr, value: Option<&OsStr>) {
    // SAFETY: Python programs that change the environment while native code of another thread reads it have this race
    // under every interpreter; all readers and writers in this program go through `std`, which locks.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}

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
static ARRIVED: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
static WAKEUP_FD: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(-1);

extern "C" fn note_signal(signal: libc::c_int) {
    use std::sync::atomic::Ordering::Relaxed;
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
    ARRIVED.load(std::sync::atomic::Ordering::Relaxed) != 0
}

/// Takes the signals that arrived.
pub fn take_signals() -> u64 {
    ARRIVED.swap(0, std::sync::atomic::Ordering::Relaxed)
}

/// Notes signals again that were taken but not served.
pub fn post_signals(bits: u64) {
    ARRIVED.fetch_or(bits, std::sync::atomic::Ordering::Relaxed);
}

/// Descriptor that a byte is written to for each signal, -1 for none; returns the old one.
pub fn set_wakeup_fd(fd: i32) -> i32 {
    WAKEUP_FD.swap(fd, std::sync::atomic::Ordering::Relaxed)
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

/// Dies of `signal` as if it had never been caught.
pub fn die_of(signal: i32) -> ! {
    let _ = set_signal(signal, SignalAction::Default);
    let _ = kill(ids()[0] as i32, signal);
    exit_now(128 + signal)
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
    let back = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    let new = libc::itimerval { it_interval: of(interval), it_value: of(first) };
    let mut old = new;
    // SAFETY: both structures are live locals.
    check(unsafe { libc::setitimer(which as _, &new, &mut old) }.into())?;
    Ok((back(old.it_value), back(old.it_interval)))
}

/// The system's text for a signal.
pub fn signal_name(signal: i32) -> Option<String> {
    // SAFETY: `strsignal` returns a NUL-terminated string that stays valid until the next call on this thread.
    unsafe {
        let text = libc::strsignal(signal);
        (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
    }
}

/// Bytes of native stack that the running thread may use; 8 MiB when the system sets no limit.
pub fn stack_bytes() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: fills in the structure that it is given.
    let done = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) } == 0;
    if done && limit.rlim_cur != libc::RLIM_INFINITY {
        (limit.rlim_cur as usize).clamp(1 << 20, 64 << 20)
    } else {
        8 << 20
    }
}

/// The operating system's number of the running thread.
pub fn thread_id() -> i32 {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::gettid() }
}

/// What the system calls an error number.
pub fn error_text(errno: i32) -> String {
    // SAFETY: gives a string that lives until the next call in this thread, and is copied at once.
    let text = unsafe { CStr::from_ptr(libc::strerror(errno)) };
    text.to_string_lossy().into_owned()
}

/// The highest address of the running thread's native stack; `fallback` when the system does not say.
pub fn stack_top(fallback: usize) -> usize {
    // SAFETY: an attribute object is plain data that the next call fills in.
    let mut attributes: libc::pthread_attr_t = unsafe { std::mem::zeroed() };
    // SAFETY: asks about the running thread.
    let known = unsafe { libc::pthread_getattr_np(libc::pthread_self(), &raw mut attributes) } == 0;
    if !known {
        return fallback;
    }
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the attributes were filled in above.
    let got =
        unsafe { libc::pthread_attr_getstack(&raw const attributes, &raw mut low, &raw mut size) }
            == 0;
    // SAFETY: filled in above and not used afterwards.
    unsafe { libc::pthread_attr_destroy(&raw mut attributes) };
    if got { low as usize + size } else { fallback }
}
