//! Calls of `posix` that open, read, write and change files.
//!
//! Reading and writing may block, so they run outside transactions; what changes the file system is irrevocable.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, exc_fields::os_error},
};

use super::path::{dir_arg, path_arg};
use crate::{
    modules::{
        _io::base::{room_in, store_into},
        fcntl::fd_arg,
    },
    os::{self, OsResult, Plain},
};

/// An `int` argument that fits a C `int`.
///
/// # Errors
/// `TypeError`, `OverflowError`.
pub fn int_arg(cx: &mut Cx, v: Value) -> Completion<i32> {
    let i = convert::index_i64(cx, v)?;
    match i32::try_from(i) {
        Ok(i) => Ok(i),
        Err(_) if i > 0 => raise!(cx, OverflowError, "Python int too large to convert to C int"),
        Err(_) => raise!(cx, OverflowError, "Python int too small to convert to C int"),
    }
}

/// Runs a blocking system call outside of any transaction; restarts it after signals as PEP 475 says.
///
/// # Errors
/// The system's error as `OSError`, and what signal handlers raise.
pub fn blocking<R>(cx: &mut Cx, path: Value, mut f: impl FnMut() -> OsResult<R>) -> Completion<R> {
    loop {
        let mut result = Err(libc::EINTR);
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || result = f())?;
        match result {
            Err(libc::EINTR) => (cx.world.upcalls().safepoint)(cx)?,
            Err(errno) => return Err(os_error(cx, errno, path)),
            Ok(r) => {
                // One that arrived meanwhile may have cut it short: its handler runs before anything else.
                if os::signals_arrived() {
                    (cx.world.upcalls().safepoint)(cx)?;
                }
                return Ok(r);
            }
        }
    }
}

/// Nothing, or the system's error.
///
/// # Errors
/// `OSError`.
pub(super) fn done<R>(cx: &mut Cx, result: OsResult<R>, path: Value) -> Completion<Value> {
    match result {
        Ok(_) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, path)),
    }
}

/// As [`done`], for a call that is about no path.
///
/// # Errors
/// `OSError`.
pub(super) fn nothing<R>(cx: &mut Cx, result: OsResult<R>) -> Completion<Value> {
    done(cx, result, Value::UNBOUND)
}

/// A number, or the system's error.
///
/// # Errors
/// `OSError`.
pub(super) fn number(cx: &mut Cx, result: OsResult<i32>) -> Completion<Value> {
    match result {
        Ok(n) => Ok(Value::small(n.into())),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn open(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "open", false)?;
    let (flags, mode) = (int_arg(cx, args.get(1))?, int_arg(cx, args.get(2))?);
    let dir = dir_arg(cx, args.get(3))?;
    let fd = blocking(cx, path.given, || os::open(&path.os, flags, mode as u32, dir))?;
    Ok(Value::small(fd.into()))
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    nothing(cx, os::close(fd))
}

fn closerange(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for fd in int_arg(cx, args.get(0))?..int_arg(cx, args.get(1))? {
        // Descriptors that are not open are skipped, as the function's contract says.
        let _ = os::close(fd);
    }
    Ok(Value::NONE)
}

fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let mut room = vec![0; room_in(cx, args.get(1), "readinto() argument 2")?.min(1 << 30)];
    let n = blocking(cx, Value::UNBOUND, || os::read(fd, &mut room))?;
    let data = bytes::new(cx, &room[..n])?;
    store_into(cx, args.get(1), data)
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let n = convert::index_i64(cx, args.get(1))?;
    let Ok(n) = usize::try_from(n) else { return Err(os_error(cx, libc::EINVAL, Value::UNBOUND)) };
    let mut buffer = vec![0; n.min(1 << 30)];
    let n = blocking(cx, Value::UNBOUND, || os::read(fd, &mut buffer))?;
    bytes::new(cx, &buffer[..n])
}

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let n = blocking(cx, Value::UNBOUND, || os::write(fd, &data))?;
    Ok(Value::small(n as i64))
}

fn lseek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, whence) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(2))?);
    let offset = convert::index_i64(cx, args.get(1))?;
    match os::seek(fd, offset, whence) {
        Ok(at) => cx.new_int(at),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn fsync(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_arg(cx, args.get(0))?;
    blocking(cx, Value::UNBOUND, || os::plain(Plain::Sync, fd, 0, 0))?;
    Ok(Value::NONE)
}

fn ftruncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let length = convert::index_i64(cx, args.get(1))?;
    nothing(cx, os::truncate(fd, length))
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "truncate", true)?;
    let length = convert::index_i64(cx, args.get(1))?;
    if let Some(fd) = path.fd {
        return nothing(cx, os::truncate(fd, length));
    }
    let result = os::open(&path.os, libc::O_WRONLY, 0, None).and_then(|fd| {
        let result = os::truncate(fd, length);
        os::close(fd).and(result)
    });
    done(cx, result, path.given)
}

fn dup(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    match os::dup(fd, None) {
        Ok(fd) => Ok(Value::small(fd.into())),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn dup2(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, to) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let inheritable = protocol::truth(cx, args.get(2))?;
    match os::dup(fd, Some((to, inheritable))) {
        Ok(fd) => Ok(Value::small(fd.into())),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn pipe(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    match os::pipe() {
        Ok((r, w)) => cx.new_tuple(&[Value::small(r.into()), Value::small(w.into())]),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn get_inheritable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    match os::inheritable(fd) {
        Ok(on) => Ok(on.into()),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn set_inheritable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let on = protocol::truth(cx, args.get(1))?;
    nothing(cx, os::set_inheritable(fd, on))
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

use Effect::{Blocking, Irrevocable, Transactional};

/// Functions of `posix` that act on files.
pub const FUNCTIONS: &[NativeDef] = &[
    row(
        "open",
        "(path, flags, mode=511, *, dir_fd=None)",
        Blocking,
        audited!("open" [0, none, 1], open),
    ),
    row("close", "(fd)", Irrevocable, close),
    row("closerange", "(fd_low, fd_high, /)", Irrevocable, closerange),
    row("read", "(fd, length, /)", Blocking, read),
    row("readinto", "(fd, buffer, /)", Blocking, readinto),
    row("write", "(fd, data, /)", Blocking, write),
    row("lseek", "(fd, position, whence, /)", Irrevocable, lseek),
    row("fsync", "(fd)", Blocking, fsync),
    row("ftruncate", "(fd, length, /)", Irrevocable, audited!("os.truncate" [0, 1], ftruncate)),
    row("truncate", "(path, length)", Irrevocable, audited!("os.truncate" [0, 1], truncate)),
    row("isatty", "(fd, /)", Transactional, |cx, args| {
        Ok(os::is_tty(int_arg(cx, args.get(0))?).into())
    }),
    row("dup", "(fd, /)", Irrevocable, dup),
    row("dup2", "(fd, fd2, inheritable=True)", Irrevocable, dup2),
    row("pipe", "()", Irrevocable, pipe),
    row("get_inheritable", "(fd, /)", Transactional, get_inheritable),
    row("set_inheritable", "(fd, inheritable, /)", Irrevocable, set_inheritable),
    row("umask", "(mask, /)", Irrevocable, |cx, args| {
        let mask = int_arg(cx, args.get(0))?;
        Ok(Value::small(os::umask(mask as u32).into()))
    }),
];
