//! Calls that take numbers, small structures or one path, for the smaller modules.

use std::ffi::{CStr, OsStr};

use super::{OsResult, check, last, with_path};

/// A call that takes numbers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `setsid()`.
    SetSid,
    /// `getsid(pid)`.
    GetSid,
    /// `getpgid(pid)`.
    GetPgid,
    /// `setpgid(pid, group)`.
    SetPgid,
    /// `killpg(group, signal)`.
    KillPg,
    /// `setuid(id)`.
    SetUid,
    /// `setgid(id)`.
    SetGid,
    /// `seteuid(id)`.
    SetEuid,
    /// `setegid(id)`.
    SetEgid,
    /// `fchdir(fd)`.
    FChdir,
    /// `fchmod(fd, mode)`.
    FChmod,
    /// `nice(by)`.
    Nice,
    /// `sched_yield()`.
    Yield,
    /// `pause()`.
    Pause,
    /// `fdatasync(fd)`.
    DataSync,
    /// `fsync(fd)`.
    Sync,
    /// `sync()`.
    SyncAll,
    /// `flock(fd, operation)`.
    FLock,
    /// `fcntl(fd, command, number)`.
    Fcntl,
    /// `fchown(fd, uid, gid)`.
    FChown,
    /// `pthread_kill` of the running thread.
    Raise,
    /// `listen(fd, backlog)`.
    Listen,
    /// `shutdown(fd, how)`.
    Shutdown,
    /// `socket(family, type, protocol)`.
    Socket,
    /// `eventfd(value, flags)`.
    EventFd,
    /// `epoll_create1(flags)`.
    EpollCreate,
    /// `tcgetpgrp(fd)`.
    TcGetPgrp,
}

/// Makes a [`Plain`] call; arguments beyond those that it has are ignored.
///
/// # Errors
/// The operating system's.
pub fn plain(call: Plain, a: i32, b: i32, c: i32) -> OsResult<i32> {
    // SAFETY: none of these calls takes memory.
    let result = unsafe {
        match call {
            Plain::SetSid => libc::setsid(),
            Plain::GetSid => libc::getsid(a),
            Plain::GetPgid => libc::getpgid(a),
            Plain::SetPgid => libc::setpgid(a, b),
            Plain::KillPg => libc::killpg(a, b),
            Plain::SetUid => libc::setuid(a as u32),
            Plain::SetGid => libc::setgid(a as u32),
            Plain::SetEuid => libc::seteuid(a as u32),
            Plain::SetEgid => libc::setegid(a as u32),
            Plain::FChdir => libc::fchdir(a),
            Plain::FChmod => libc::fchmod(a, b as u32),
            Plain::Nice => {
                *libc::__errno_location() = 0;
                let now = libc::nice(a);
                return if now == -1 && last() != 0 { Err(last()) } else { Ok(now) };
            }
            Plain::Yield => libc::sched_yield(),
            Plain::Pause => libc::pause(),
            Plain::DataSync => libc::fdatasync(a),
            Plain::Sync => libc::fsync(a),
            Plain::SyncAll => {
                libc::sync();
                0
            }
            Plain::FLock => libc::flock(a, b),
            Plain::Fcntl => libc::fcntl(a, b, c),
            Plain::FChown => libc::fchown(a, b as u32, c as u32),
            Plain::Raise => libc::raise(a),
            Plain::Listen => libc::listen(a, b),
            Plain::Shutdown => libc::shutdown(a, b),
            Plain::Socket => libc::socket(a, b | libc::SOCK_CLOEXEC, c),
            Plain::EventFd => libc::eventfd(a as u32, b | libc::EFD_CLOEXEC),
            Plain::EpollCreate => libc::epoll_create1(a | libc::EPOLL_CLOEXEC),
            Plain::TcGetPgrp => libc::tcgetpgrp(a),
        }
    };
    Ok(check(result.into())? as i32)
}

/// Reads at a position.
///
/// # Errors
/// The operating system's.
pub fn pread(fd: i32, buffer: &mut [u8], at: i64) -> OsResult<usize> {
    // SAFETY: the buffer is live and has the length passed.
    let n = unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), at) };
    Ok(check(n as i64)? as usize)
}

/// Writes at a position.
///
/// # Errors
/// The operating system's.
pub fn pwrite(fd: i32, data: &[u8], at: i64) -> OsResult<usize> {
    // SAFETY: the buffer is live and has the length passed.
    Ok(check(unsafe { libc::pwrite(fd, data.as_ptr().cast(), data.len(), at) } as i64)? as usize)
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

/// Further groups of the process.
///
/// # Errors
/// The operating system's.
pub fn groups() -> OsResult<Vec<u32>> {
    let mut all = vec![0; 65_536];
    // SAFETY: the list is live and has the length passed.
    let n = check(unsafe { libc::getgroups(all.len() as i32, all.as_mut_ptr()) }.into())?;
    all.truncate(n as usize);
    Ok(all)
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

/// What a process has used: user and system time in seconds, then the counters of `struct rusage`.
pub type Usage = ([f64; 2], [i64; 14]);

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

fn usage_of(u: &libc::rusage) -> Usage {
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
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

/// `fcntl` or `ioctl` with a structure that is read and written in place.
///
/// # Errors
/// The operating system's.
pub fn control(fd: i32, command: u64, is_ioctl: bool, data: &mut [u8]) -> OsResult<i32> {
    // The kernel may write more than the caller has thought of.
    let mut room = vec![0_u8; data.len() + 1024];
    room[..data.len()].copy_from_slice(data);
    // SAFETY: the buffer is live; requests known to the kernel write at most a page's quarter.
    let result = unsafe {
        if is_ioctl {
            libc::ioctl(fd, command as _, room.as_mut_ptr())
        } else {
            libc::fcntl(fd, command as i32, room.as_mut_ptr())
        }
    };
    let result = check(result.into())? as i32;
    data.copy_from_slice(&room[..data.len()]);
    Ok(result)
}

/// `ioctl` with a number.
///
/// # Errors
/// The operating system's.
pub fn ioctl_number(fd: i32, request: u64, arg: i64) -> OsResult<i32> {
    // SAFETY: requests whose argument is a number; a program that passes one for a pointer gets `EFAULT`.
    Ok(check(unsafe { libc::ioctl(fd, request as _, arg) }.into())? as i32)
}

/// Waits for descriptors: `events` holds descriptor, wanted events, and on return what happened.
///
/// # Errors
/// The operating system's.
pub fn poll(events: &mut [libc::pollfd], timeout_ms: i32) -> OsResult<usize> {
    // SAFETY: the list is live and has the length passed.
    let n = unsafe { libc::poll(events.as_mut_ptr(), events.len() as libc::nfds_t, timeout_ms) };
    Ok(check(n.into())? as usize)
}

/// Adds, changes or removes a descriptor of an epoll set.
///
/// # Errors
/// The operating system's.
pub fn epoll_control(set: i32, operation: i32, fd: i32, events: u32) -> OsResult<()> {
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: `event` is a live local.
    check(unsafe { libc::epoll_ctl(set, operation, fd, &raw mut event) }.into()).map(drop)
}

/// Waits for an epoll set: descriptors and what happened.
///
/// # Errors
/// The operating system's.
pub fn epoll_wait(set: i32, most: usize, timeout_ms: i32) -> OsResult<Vec<(i32, u32)>> {
    let mut all = vec![libc::epoll_event { events: 0, u64: 0 }; most.max(1)];
    // SAFETY: the list is live and has the length passed.
    let n = unsafe { libc::epoll_wait(set, all.as_mut_ptr(), all.len() as i32, timeout_ms) };
    let n = check(n.into())? as usize;
    Ok(all[..n].iter().map(|e| (e.u64 as i32, e.events)).collect())
}

/// Blocks, unblocks or sets signals of the running thread (`None`: only asks); the mask from before, bit `n - 1` for signal `n`.
///
/// # Errors
/// `EINVAL`.
pub fn signal_mask(how: i32, signals: Option<u64>) -> OsResult<u64> {
    // SAFETY: all-zero is a valid signal set.
    let mut new: libc::sigset_t = unsafe { std::mem::zeroed() };
    let mut old = new;
    for signal in 1..=64 {
        if signals.is_some_and(|bits| bits & (1 << (signal - 1)) != 0) {
            // SAFETY: `new` is a live local.
            unsafe { libc::sigaddset(&raw mut new, signal) };
        }
    }
    let given = if signals.is_some() { &raw const new } else { std::ptr::null() };
    // SAFETY: both sets are live locals.
    let errno = unsafe { libc::pthread_sigmask(how, given, &raw mut old) };
    if errno != 0 { Err(errno) } else { Ok(set_bits(&old)) }
}

fn set_bits(set: &libc::sigset_t) -> u64 {
    // SAFETY: reads bits of a live set.
    (1..=64).filter(|&n| unsafe { libc::sigismember(set, n) } == 1).map(|n| 1 << (n - 1)).sum()
}

/// Blocked signals that wait, bit `n - 1` for signal `n`.
pub fn pending_signals() -> u64 {
    // SAFETY: all-zero is a valid signal set.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
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
    // SAFETY: all-zero is a valid signal set.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    for signal in (1..=64).filter(|n| signals & (1 << (n - 1)) != 0) {
        // SAFETY: `set` is a live local.
        unsafe { libc::sigaddset(&raw mut set, signal) };
    }
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

/// Sends a signal to one thread of this process; 0 only looks whether it exists.
///
/// # Errors
/// The operating system's.
pub fn signal_thread(thread: i32, signal: i32) -> OsResult<()> {
    let process = super::ids()[0];
    // SAFETY: passes numbers.
    check(unsafe { libc::syscall(libc::SYS_tgkill, process, thread, signal) }).map(drop)
}

/// Whether a signal is ignored; `None` for numbers that are no signals of programs.
pub fn is_ignored(signal: i32) -> Option<bool> {
    // SAFETY: all-zero is a valid `sigaction`.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: only asks; `now` is a live local.
    let result = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut now) };
    (result == 0).then_some(now.sa_sigaction == libc::SIG_IGN)
}

/// Names the running thread for the operating system's tools.
pub fn name_thread(name: &CStr) {
    // SAFETY: `name` is NUL-terminated and live during the call; names the running thread.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
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
    let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    Ok((seconds(now.it_value), seconds(now.it_interval)))
}

/// One line of the user database: name, password, numbers of user and group, full name, home, shell.
#[derive(Clone, Debug)]
pub struct User {
    /// In the order of the file, without the numbers.
    pub texts: [String; 5],
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

fn c_text(p: *const libc::c_char) -> String {
    if p.is_null() {
        return String::new();
    }
    // SAFETY: the databases give NUL-terminated strings inside of the buffer passed, which is still live.
    unsafe { CStr::from_ptr(p) }.to_string_lossy().into_owned()
}

/// Looks a user up by name or number.
///
/// # Errors
/// The operating system's.
pub fn user(name: Option<&CStr>, uid: u32) -> OsResult<Option<User>> {
    let mut buffer = vec![0 as libc::c_char; 16_384];
    // SAFETY: all-zero is a valid `passwd` (numbers and null pointers).
    let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    // SAFETY: entry, buffer and result are live; the buffer has the length passed.
    let errno = unsafe {
        let (at, n) = (buffer.as_mut_ptr(), buffer.len());
        match name {
            Some(name) => libc::getpwnam_r(name.as_ptr(), &raw mut entry, at, n, &raw mut found),
            None => libc::getpwuid_r(uid, &raw mut entry, at, n, &raw mut found),
        }
    };
    if found.is_null() {
        return if errno == 0 { Ok(None) } else { Err(errno) };
    }
    let parts = [entry.pw_name, entry.pw_passwd, entry.pw_gecos, entry.pw_dir, entry.pw_shell];
    Ok(Some(User { texts: parts.map(|p| c_text(p)), uid: entry.pw_uid, gid: entry.pw_gid }))
}

/// A group: name, password, number, members.
pub type Group = (String, String, u32, Vec<String>);

/// Looks a group up by name or number.
///
/// # Errors
/// The operating system's.
pub fn group(name: Option<&CStr>, gid: u32) -> OsResult<Option<Group>> {
    let mut buffer = vec![0 as libc::c_char; 65_536];
    // SAFETY: all-zero is a valid `group` (numbers and null pointers).
    let mut entry: libc::group = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    // SAFETY: entry, buffer and result are live; the buffer has the length passed.
    let errno = unsafe {
        let (at, n) = (buffer.as_mut_ptr(), buffer.len());
        match name {
            Some(name) => libc::getgrnam_r(name.as_ptr(), &raw mut entry, at, n, &raw mut found),
            None => libc::getgrgid_r(gid, &raw mut entry, at, n, &raw mut found),
        }
    };
    if found.is_null() {
        return if errno == 0 { Ok(None) } else { Err(errno) };
    }
    let mut members = Vec::new();
    let mut at = entry.gr_mem;
    while !at.is_null() {
        // SAFETY: the list of members ends with null and lies in the live buffer.
        let member = unsafe { *at };
        if member.is_null() {
            break;
        }
        members.push(c_text(member));
        // SAFETY: not yet at the null that ends the list.
        at = unsafe { at.add(1) };
    }
    Ok(Some((c_text(entry.gr_name), c_text(entry.gr_passwd), entry.gr_gid, members)))
}

/// The bytes of a `struct flock`.
pub fn file_lock(kind: i32, whence: i32, start: i64, len: i64) -> Vec<u8> {
    let mut bytes = vec![0_u8; size_of::<libc::flock>()];
    let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
    put(std::mem::offset_of!(libc::flock, l_type), &(kind as i16).to_ne_bytes());
    put(std::mem::offset_of!(libc::flock, l_whence), &(whence as i16).to_ne_bytes());
    put(std::mem::offset_of!(libc::flock, l_start), &start.to_ne_bytes());
    put(std::mem::offset_of!(libc::flock, l_len), &len.to_ne_bytes());
    bytes
}

/// All lines of the user database.
pub fn users() -> Vec<User> {
    // The file is the only database that can be listed without state of the whole process.
    let text = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let parts: Vec<&str> = line.split(':').collect();
            let [name, password, uid, gid, full, home, shell] = parts[..] else { return None };
            Some(User {
                texts: [name, password, full, home, shell].map(str::to_owned),
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            })
        })
        .collect()
}

/// All lines of the group database.
pub fn all_groups() -> Vec<Group> {
    let text = std::fs::read_to_string("/etc/group").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let parts: Vec<&str> = line.split(':').collect();
            let [name, password, gid, members] = parts[..] else { return None };
            let members = members.split(',').filter(|m| !m.is_empty()).map(str::to_owned);
            Some((name.to_owned(), password.to_owned(), gid.parse().ok()?, members.collect()))
        })
        .collect()
}

/// Copies between descriptors inside of the kernel.
///
/// # Errors
/// The operating system's.
pub fn send_file(to: i32, from: i32, offset: Option<i64>, count: usize) -> OsResult<usize> {
    let mut at = offset.unwrap_or(0);
    let at = if offset.is_some() { &raw mut at } else { std::ptr::null_mut() };
    // SAFETY: the offset is null or a live local.
    Ok(check(unsafe { libc::sendfile(to, from, at, count) } as i64)? as usize)
}

/// About the file system of a path, in the order of `os.statvfs_result`.
///
/// # Errors
/// The operating system's.
pub fn file_system(path: &OsStr) -> OsResult<[u64; 11]> {
    // SAFETY: all-zero is a valid `statvfs` (numbers).
    let mut s: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: `p` is NUL-terminated and live during the call; `s` is a live local.
    with_path(path, |p| unsafe { libc::statvfs(p, &raw mut s) })?;
    Ok([
        s.f_bsize,
        s.f_frsize,
        s.f_blocks,
        s.f_bfree,
        s.f_bavail,
        s.f_files,
        s.f_ffree,
        s.f_favail,
        s.f_flag,
        s.f_namemax,
        s.f_fsid,
    ])
}

/// A descriptor of a file in memory with this content, at its beginning.
///
/// # Errors
/// The operating system's.
pub fn file_of(content: &[u8]) -> OsResult<i32> {
    let fd = super::memory_file("taipan".as_ref(), libc::MFD_CLOEXEC)?;
    let mut rest = content;
    while !rest.is_empty() {
        match super::write(fd, rest) {
            Ok(n) => rest = &rest[n..],
            Err(errno) => {
                super::close(fd)?;
                return Err(errno);
            }
        }
    }
    super::seek(fd, 0, libc::SEEK_SET)?;
    Ok(fd)
}
