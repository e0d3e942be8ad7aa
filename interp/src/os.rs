//! Safe, thin wrappers over the C library for what `std` does not offer. The only room of `interp` that calls it.
//!
//! Errors are plain `errno` numbers; strings with NUL bytes give `EINVAL`.

mod accounts;
mod at;
mod calls;
mod clock;
mod file;
mod net;
mod process;
mod signal;
mod spawn;
mod system;

pub use self::{
    accounts::*, at::*, calls::*, clock::*, file::*, net::*, process::*, signal::*, spawn::*,
    system::*,
};

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

fn seconds(t: libc::timeval) -> f64 {
    t.tv_sec as f64 + t.tv_usec as f64 * 1e-6
}

/// A path for the C library.
///
/// # Errors
/// `EINVAL` when it contains a NUL byte.
pub fn c_string(path: &OsStr) -> OsResult<CString> {
    CString::new(path.as_bytes()).map_err(|_| libc::EINVAL)
}

/// A call that takes one path.
fn with_path(path: &OsStr, f: impl FnOnce(*const libc::c_char) -> i32) -> OsResult<i64> {
    let path = c_string(path)?;
    check(f(path.as_ptr()).into())
}

/// Bytes of an environment variable or path as the system has them.
pub fn os_string(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}

/// What the system calls an error number.
pub fn error_text(errno: i32) -> String {
    // SAFETY: gives a string that lives until the next call in this thread, and is copied at once.
    let text = unsafe { CStr::from_ptr(libc::strerror(errno)) };
    text.to_string_lossy().into_owned()
}
