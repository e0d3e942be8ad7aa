//! Calls on paths that may be relative to an open directory: `None` is the current one.

use std::ffi::{CString, OsStr};

use super::{OsResult, c_string, check, with_path};

/// An open directory that a relative path starts from.
pub type Dir = Option<i32>;

fn at(dir: Dir) -> i32 {
    dir.unwrap_or(libc::AT_FDCWD)
}

fn no_follow(follow: bool) -> i32 {
    if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }
}

fn two(
    from: &OsStr,
    to: &OsStr,
    f: impl FnOnce(*const libc::c_char, *const libc::c_char) -> i32,
) -> OsResult<()> {
    let (from, to): (CString, CString) = (c_string(from)?, c_string(to)?);
    check(f(from.as_ptr(), to.as_ptr()).into()).map(drop)
}

/// Makes a directory.
///
/// # Errors
/// The operating system's.
pub fn make_dir(path: &OsStr, mode: u32, dir: Dir) -> OsResult<()> {
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe { libc::mkdirat(at(dir), p, mode) }).map(drop)
}

/// Removes an empty directory, or anything else.
///
/// # Errors
/// The operating system's.
pub fn remove(path: &OsStr, dir: Dir, is_dir: bool) -> OsResult<()> {
    let flags = if is_dir { libc::AT_REMOVEDIR } else { 0 };
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe { libc::unlinkat(at(dir), p, flags) }).map(drop)
}

/// Renames.
///
/// # Errors
/// The operating system's.
pub fn rename(from: &OsStr, from_dir: Dir, to: &OsStr, to_dir: Dir) -> OsResult<()> {
    // SAFETY: both paths are NUL-terminated and live during the call.
    two(from, to, |a, b| unsafe { libc::renameat(at(from_dir), a, at(to_dir), b) })
}

/// Makes a hard link `to`.
///
/// # Errors
/// The operating system's.
pub fn link(from: &OsStr, from_dir: Dir, to: &OsStr, to_dir: Dir, follow: bool) -> OsResult<()> {
    let flags = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
    // SAFETY: both paths are NUL-terminated and live during the call.
    two(from, to, |a, b| unsafe { libc::linkat(at(from_dir), a, at(to_dir), b, flags) })
}

/// Makes a symbolic link at `path`.
///
/// # Errors
/// The operating system's.
pub fn symlink(target: &OsStr, path: &OsStr, dir: Dir) -> OsResult<()> {
    // SAFETY: both paths are NUL-terminated and live during the call.
    two(target, path, |a, b| unsafe { libc::symlinkat(a, at(dir), b) })
}

/// Where a symbolic link leads.
///
/// # Errors
/// The operating system's.
pub fn read_link(path: &OsStr, dir: Dir) -> OsResult<Vec<u8>> {
    let path = c_string(path)?;
    let mut target = vec![0_u8; libc::PATH_MAX as usize];
    // SAFETY: `path` is NUL-terminated; the buffer is live and has the length passed.
    let n = unsafe {
        libc::readlinkat(at(dir), path.as_ptr(), target.as_mut_ptr().cast(), target.len())
    };
    let n = check(n as i64)? as usize;
    target.truncate(n);
    Ok(target)
}

/// Makes a named pipe, a device or another node; the kind is part of `mode`.
///
/// # Errors
/// The operating system's.
pub fn make_node(path: &OsStr, mode: u32, device: u64, dir: Dir) -> OsResult<()> {
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe { libc::mknodat(at(dir), p, mode, device) }).map(drop)
}

/// Changes permissions.
///
/// # Errors
/// The operating system's.
pub fn chmod(path: &OsStr, mode: u32, dir: Dir, follow: bool) -> OsResult<()> {
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe { libc::fchmodat(at(dir), p, mode, no_follow(follow)) }).map(drop)
}

/// Changes the owner.
///
/// # Errors
/// The operating system's.
pub fn chown(path: &OsStr, uid: u32, gid: u32, dir: Dir, follow: bool) -> OsResult<()> {
    // SAFETY: `p` is NUL-terminated and live during the call.
    with_path(path, |p| unsafe { libc::fchownat(at(dir), p, uid, gid, no_follow(follow)) })
        .map(drop)
}

/// Access and modification time: seconds and nanoseconds since the epoch.
pub type FileTimes = [(i64, i64); 2];

fn specs(times: Option<FileTimes>) -> [libc::timespec; 2] {
    match times {
        Some(pair) => pair.map(|(tv_sec, tv_nsec)| libc::timespec { tv_sec, tv_nsec }),
        None => [libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW }; 2],
    }
}

/// Sets the times of a path; `None` for now.
///
/// # Errors
/// The operating system's.
pub fn utime(path: &OsStr, times: Option<FileTimes>, dir: Dir, follow: bool) -> OsResult<()> {
    let pair = specs(times);
    // SAFETY: `p` is NUL-terminated; `pair` has two entries and outlives the call.
    with_path(path, |p| unsafe { libc::utimensat(at(dir), p, pair.as_ptr(), no_follow(follow)) })
        .map(drop)
}

/// Sets the times of an open file; `None` for now.
///
/// # Errors
/// The operating system's.
pub fn utime_fd(fd: i32, times: Option<FileTimes>) -> OsResult<()> {
    let pair = specs(times);
    // SAFETY: `pair` has two entries and outlives the call.
    check(unsafe { libc::futimens(fd, pair.as_ptr()) }.into()).map(drop)
}
