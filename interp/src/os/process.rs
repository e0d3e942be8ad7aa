//! The process and its threads: identifiers, children, resources, environment, stacks; and the system that they run on.

use std::ffi::{CStr, OsStr};

use super::{OsResult, check, seconds};

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

/// The operating system's number of the running thread.
pub fn thread_id() -> i32 {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::gettid() }
}

/// Names the running thread for the operating system's tools.
pub fn name_thread(name: &CStr) {
    // SAFETY: `name` is NUL-terminated and live during the call; names the running thread.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

/// Ends the process at once, without clean-up.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(code) }
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

/// Waits for a child: its number, its status, and what it has used.
///
/// # Errors
/// The operating system's.
pub fn wait_usage(pid: i32, options: i32) -> OsResult<(i32, i32, Usage)> {
    let mut status = 0;
    // SAFETY: all-zero is a valid `rusage`.
    let mut u: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both are live locals.
    let pid = unsafe { libc::wait4(pid, &raw mut status, options, &raw mut u) };
    Ok((check(pid.into())? as i32, status, usage_of(&u)))
}

/// User and system CPU time of the process, then of its children, in seconds.
pub fn cpu_times() -> [f64; 4] {
    let of = |who| resource_usage(who).map_or([0.0; 2], |(times, _)| times);
    let ([user, system], [of_children, system_of_children]) =
        (of(libc::RUSAGE_SELF), of(libc::RUSAGE_CHILDREN));
    [user, system, of_children, system_of_children]
}

/// What this process, its children or this thread have used.
///
/// # Errors
/// `EINVAL`.
pub fn resource_usage(who: i32) -> OsResult<Usage> {
    // SAFETY: all-zero is a valid `rusage`; the call fills it in.
    let mut u: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `u` is a live local.
    check(unsafe { libc::getrusage(who, &raw mut u) }.into())?;
    Ok(usage_of(&u))
}

/// What a process has used: user and system time in seconds, then the counters of `struct rusage`.
pub type Usage = ([f64; 2], [i64; 14]);

fn usage_of(u: &libc::rusage) -> Usage {
    let counters = [
        u.ru_maxrss,
        u.ru_ixrss,
        u.ru_idrss,
        u.ru_isrss,
        u.ru_minflt,
        u.ru_majflt,
        u.ru_nswap,
        u.ru_inblock,
        u.ru_oublock,
        u.ru_msgsnd,
        u.ru_msgrcv,
        u.ru_nsignals,
        u.ru_nvcsw,
        u.ru_nivcsw,
    ];
    ([seconds(u.ru_utime), seconds(u.ru_stime)], counters)
}

/// Limits of a resource: current, greatest.
///
/// # Errors
/// `EINVAL`.
pub fn resource_limit(which: i32) -> OsResult<(u64, u64)> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: fills in the structure that it is given.
    check(unsafe { libc::getrlimit(which as _, &raw mut limit) }.into())?;
    Ok((limit.rlim_cur, limit.rlim_max))
}

/// Sets the limits of a resource.
///
/// # Errors
/// The operating system's.
pub fn set_resource_limit(which: i32, current: u64, greatest: u64) -> OsResult<()> {
    let limit = libc::rlimit { rlim_cur: current, rlim_max: greatest };
    // SAFETY: reads the structure that it is given.
    check(unsafe { libc::setrlimit(which as _, &raw const limit) }.into()).map(drop)
}

/// The three load averages.
///
/// # Errors
/// `EIO` when the system does not say.
pub fn load_average() -> OsResult<[f64; 3]> {
    let mut all = [0.0; 3];
    // SAFETY: `all` has room for three.
    let n = unsafe { libc::getloadavg(all.as_mut_ptr(), 3) };
    if n == 3 { Ok(all) } else { Err(libc::EIO) }
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

/// A value of `sysconf`.
///
/// # Errors
/// The operating system's.
pub fn sysconf(name: i32) -> OsResult<i64> {
    // SAFETY: no memory is passed.
    check(unsafe { libc::sysconf(name) })
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
