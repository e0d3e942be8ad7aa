//! Files and descriptors: opening, reading, writing, what is known of them, duplicates, pipes.

use std::ffi::OsStr;

use super::{OsResult, c_string, check, memory_file, with_path};

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
    let fd = memory_file("taipan".as_ref(), libc::MFD_CLOEXEC)?;
    let mut rest = content;
    while !rest.is_empty() {
        match write(fd, rest) {
            Ok(n) => rest = &rest[n..],
            Err(errno) => {
                close(fd)?;
                return Err(errno);
            }
        }
    }
    seek(fd, 0, libc::SEEK_SET)?;
    Ok(fd)
}
