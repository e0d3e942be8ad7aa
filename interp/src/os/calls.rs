//! Calls that take numbers only, control of descriptors, waiting until descriptors are ready.

use super::{OsResult, check, last};

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
