//! `fcntl`: file control and locks on files.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, str as string},
};

use super::{
    _io::base::store_into,
    ModuleDef,
    posix::{blocking, files::int_arg, path::warn_if_bool},
    set_ints,
};
use crate::os::{self, Plain};

/// A descriptor, or an object with `fileno()`.
///
/// # Errors
/// `TypeError`, `ValueError`.
pub fn fd_arg(cx: &mut Cx, v: Value) -> Completion<i32> {
    let v = if convert::as_int(v).is_some() {
        v
    } else {
        let name = cx.intern("fileno")?;
        let Some(f) = protocol::get_attr_opt(cx, v, name)? else {
            return raise!(cx, TypeError, "argument must be an int, or have a fileno() method");
        };
        let fd = protocol::call(cx, f, &[])?;
        if convert::as_int(fd).is_none() {
            return raise!(cx, TypeError, "fileno() returned a non-integer");
        }
        fd
    };
    warn_if_bool(cx, v)?;
    let fd = int_arg(cx, v)?;
    if fd < 0 {
        return raise!(cx, ValueError, "file descriptor cannot be a negative integer ({fd})");
    }
    Ok(fd)
}

fn number(cx: &mut Cx, v: Value) -> Completion<i64> {
    convert::index_big(cx, v)
}

fn fcntl(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, command) = (fd_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let arg = args.get(2);
    if convert::as_int(arg).is_some() {
        let arg = number(cx, arg)? as i32;
        let result = blocking(cx, Value::UNBOUND, || os::plain(Plain::Fcntl, fd, command, arg))?;
        return Ok(Value::small(result.into()));
    }
    let mut data = given_bytes(cx, arg)?;
    blocking(cx, Value::UNBOUND, || os::control(fd, command as u64, false, &mut data))?;
    bytes::new(cx, &data)
}

fn given_bytes(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    let data = match string::text(v) {
        Some(text) => text.as_bytes().to_vec(),
        None => buffer::expect_bytes(cx, v)?.into_owned(),
    };
    if data.len() > 1024 {
        return raise!(cx, ValueError, "fcntl argument 3 is too long");
    }
    Ok(data)
}

fn ioctl(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, request) = (fd_arg(cx, args.get(0))?, number(cx, args.get(1))? as u64);
    let arg = args.get(2);
    if convert::as_int(arg).is_some() {
        let arg = number(cx, arg)?;
        let result = blocking(cx, Value::UNBOUND, || os::ioctl_number(fd, request, arg))?;
        return Ok(Value::small(result.into()));
    }
    let mut data = given_bytes(cx, arg)?;
    let result = blocking(cx, Value::UNBOUND, || os::control(fd, request, true, &mut data))?;
    let data = bytes::new(cx, &data)?;
    if bytes::exact(arg).is_some()
        || string::text(arg).is_some()
        || !protocol::truth(cx, args.get(3))?
    {
        return Ok(data);
    }
    store_into(cx, arg, data)?;
    Ok(Value::small(result.into()))
}

fn flock(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, operation) = (fd_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    blocking(cx, Value::UNBOUND, || os::plain(Plain::FLock, fd, operation, 0))?;
    Ok(Value::NONE)
}

fn lockf(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, operation) = (fd_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let (len, start) = (number(cx, args.get(2))?, number(cx, args.get(3))?);
    let whence = int_arg(cx, args.get(4))?;
    let kind = match operation & 15 & !libc::LOCK_NB {
        libc::LOCK_UN => libc::F_UNLCK,
        libc::LOCK_SH => libc::F_RDLCK,
        libc::LOCK_EX => libc::F_WRLCK,
        _ => return raise!(cx, ValueError, "unrecognized lockf argument"),
    };
    let command = if operation & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    let lock = os::file_lock(kind, whence, start, len);
    match blocking(cx, Value::UNBOUND, || os::control(fd, command as u64, false, &mut lock.clone()))
    {
        Ok(_) => Ok(Value::NONE),
        Err(escape) => Err(escape),
    }
}

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Blocking, run, doc: "" }
}

const INTS: &[(&str, i64)] = &[
    ("LOCK_SH", libc::LOCK_SH as i64),
    ("LOCK_EX", libc::LOCK_EX as i64),
    ("LOCK_NB", libc::LOCK_NB as i64),
    ("LOCK_UN", libc::LOCK_UN as i64),
    ("F_DUPFD", libc::F_DUPFD as i64),
    ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC as i64),
    ("F_GETFD", libc::F_GETFD as i64),
    ("F_SETFD", libc::F_SETFD as i64),
    ("F_GETFL", libc::F_GETFL as i64),
    ("F_SETFL", libc::F_SETFL as i64),
    ("F_GETLK", libc::F_GETLK as i64),
    ("F_SETLK", libc::F_SETLK as i64),
    ("F_SETLKW", libc::F_SETLKW as i64),
    ("F_GETOWN", libc::F_GETOWN as i64),
    ("F_SETOWN", libc::F_SETOWN as i64),
    ("F_RDLCK", libc::F_RDLCK as i64),
    ("F_WRLCK", libc::F_WRLCK as i64),
    ("F_UNLCK", libc::F_UNLCK as i64),
    ("F_GETPIPE_SZ", libc::F_GETPIPE_SZ as i64),
    ("F_SETPIPE_SZ", libc::F_SETPIPE_SZ as i64),
    ("FD_CLOEXEC", libc::FD_CLOEXEC as i64),
    ("FASYNC", libc::O_ASYNC as i64),
];

/// `fcntl`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "fcntl",
    doc: "This module performs file control and I/O control on file\ndescriptors.",
    functions: &[
        row("fcntl", "(fd, cmd, arg=0, /)", audited!("fcntl.fcntl" [0, 1, 2], fcntl)),
        row(
            "ioctl",
            "(fd, request, arg=0, mutate_flag=True, /)",
            audited!("fcntl.ioctl" [0, 1, 2], ioctl),
        ),
        row("flock", "(fd, operation, /)", audited!("fcntl.flock" [0, 1], flock)),
        row(
            "lockf",
            "(fd, cmd, len=0, start=0, whence=0, /)",
            audited!("fcntl.lockf" [0, 1, 2, 3, 4], lockf),
        ),
    ],
    exec: |cx, module| set_ints(cx, module, INTS),
    ..ModuleDef::BASE
};
