//! Calls of `posix` that open, read, write and change files.
//!
//! Reading and writing may block, so they run outside transactions; what changes the file system is irrevocable.

use std::{ffi::OsString, path::Path as StdPath};

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, NativeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, exc_fields::os_error, memoryview},
};

use super::super::_io::base;
use super::path::path_arg;
use crate::os::{self, OsResult};

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
            Ok(r) => return Ok(r),
        }
    }
}

fn done<R>(cx: &mut Cx, result: OsResult<R>, path: Value) -> Completion<Value> {
    match result {
        Ok(_) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, path)),
    }
}

fn io(result: std::io::Result<()>) -> OsResult<()> {
    result.map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
}

fn open(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "open", false)?;
    let (flags, mode) = (int_arg(cx, args.get(1))?, int_arg(cx, args.get(2))?);
    let dir = match args.not_none(3) {
        Some(v) => Some(int_arg(cx, v)?),
        None => None,
    };
    let fd = blocking(cx, path.given, || os::open(&path.os, flags, mode as u32, dir))?;
    Ok(Value::small(fd.into()))
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    done(cx, os::close(fd), Value::UNBOUND)
}

fn closerange(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for fd in int_arg(cx, args.get(0))?..int_arg(cx, args.get(1))? {
        // Descriptors that are not open are skipped, as the function's contract says.
        let _ = os::close(fd);
    }
    Ok(Value::NONE)
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let n = convert::index_i64(cx, args.get(1))?;
    let Ok(n) = usize::try_from(n) else { return Err(os_error(cx, libc::EINVAL, Value::UNBOUND)) };
    let mut buffer = vec![0; n.min(1 << 30)];
    let n = blocking(cx, Value::UNBOUND, || os::read(fd, &mut buffer))?;
    bytes::new(cx, &buffer[..n])
}

fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let view = memoryview::over(cx, args.get(1))?;
    let mut buffer = vec![0; memoryview::contents(cx, view)?.len()];
    let n = blocking(cx, Value::UNBOUND, || os::read(fd, &mut buffer))?;
    if n == 0 {
        return Ok(Value::small(0));
    }
    let (cast, format) = (cx.intern("cast")?, cx.intern("B")?);
    let target = protocol::call::call_method(cx, view, cast, &[format])?;
    let data = bytes::new(cx, &buffer[..n])?;
    base::store_into(cx, target, data)
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
    let fd = int_arg(cx, args.get(0))?;
    let path = format!("/proc/self/fd/{fd}");
    let sync = || match std::fs::File::open(&path) {
        Ok(file) => io(file.sync_all()),
        Err(_) => Err(libc::EBADF),
    };
    blocking(cx, Value::UNBOUND, sync)?;
    Ok(Value::NONE)
}

fn ftruncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let length = convert::index_i64(cx, args.get(1))?;
    done(cx, os::truncate(fd, length), Value::UNBOUND)
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "truncate", true)?;
    let length = convert::index_i64(cx, args.get(1))?;
    if let Some(fd) = path.fd {
        return done(cx, os::truncate(fd, length), Value::UNBOUND);
    }
    let result = os::open(&path.os, libc::O_WRONLY, 0, None).and_then(|fd| {
        let result = os::truncate(fd, length);
        os::close(fd).and(result)
    });
    done(cx, result, path.given)
}

fn one_path(
    cx: &mut Cx,
    v: Value,
    function: &str,
    f: impl FnOnce(&StdPath) -> std::io::Result<()>,
) -> Completion<Value> {
    let path = path_arg(cx, v, function, false)?;
    let result = io(f(StdPath::new(&path.os)));
    done(cx, result, path.given)
}

fn two_paths(
    cx: &mut Cx,
    args: Args<'_>,
    function: &str,
    f: impl FnOnce(&OsString, &OsString) -> std::io::Result<()>,
) -> Completion<Value> {
    let (from, to) =
        (path_arg(cx, args.get(0), function, false)?, path_arg(cx, args.get(1), function, false)?);
    match f(&from.os, &to.os) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => {
            let escape = os_error(cx, e.raw_os_error().unwrap_or(libc::EIO), from.given);
            set_second_name(cx, escape, to.given)?;
            Err(escape)
        }
    }
}

fn set_second_name(cx: &mut Cx, escape: Escape, name: Value) -> Completion<()> {
    if let Some(e) = escape.exception() {
        let word = taipan_objects::types::exc_fields::word(taipan_objects::T::OSError, "filename2");
        cx.set(e, word, name)?;
    }
    Ok(())
}

fn mkdir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mode = int_arg(cx, args.get(1))? as u32;
    one_path(cx, args.get(0), "mkdir", |p| std::fs::DirBuilder::new().mode(mode).create(p))
}

fn chmod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "chmod", false)?;
    let mode = int_arg(cx, args.get(1))? as u32;
    done(cx, os::chmod(&path.os, mode), path.given)
}

fn utime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "utime", false)?;
    let mut times = None;
    if let Some(v) = args.not_none(1) {
        let pair = protocol::collect(cx, v)?;
        if pair.len() != 2 {
            return raise!(
                cx,
                TypeError,
                "utime: 'times' must be either a tuple of two ints or None"
            );
        }
        times = Some((seconds_ns(cx, pair.get(0))?, seconds_ns(cx, pair.get(1))?));
    } else if let Some(v) = args.opt(2) {
        let pair = protocol::collect(cx, v)?;
        if pair.len() != 2 {
            return raise!(cx, TypeError, "utime: 'ns' must be a tuple of two ints");
        }
        times = Some((convert::index_i64(cx, pair.get(0))?, convert::index_i64(cx, pair.get(1))?));
    }
    let follow = protocol::truth(cx, args.get(4))?;
    done(cx, os::utime(&path.os, times, follow), path.given)
}

fn seconds_ns(cx: &mut Cx, v: Value) -> Completion<i64> {
    match v.float_value() {
        Some(f) => Ok((f * 1e9) as i64),
        None => Ok(convert::index_i64(cx, v)?.saturating_mul(1_000_000_000)),
    }
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
    done(cx, os::set_inheritable(fd, on), Value::UNBOUND)
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
    row(
        "mkdir",
        "(path, mode=511, *, dir_fd=None)",
        Irrevocable,
        audited!("os.mkdir" [0, 1, (dir 2)], mkdir),
    ),
    row(
        "rmdir",
        "(path, *, dir_fd=None)",
        Irrevocable,
        audited!("os.rmdir" [0, (dir 1)], |cx, args| {
            one_path(cx, args.get(0), "rmdir", |p| std::fs::remove_dir(p))
        }),
    ),
    row(
        "unlink",
        "(path, *, dir_fd=None)",
        Irrevocable,
        audited!("os.remove" [0, (dir 1)], |cx, args| {
            one_path(cx, args.get(0), "unlink", |p| std::fs::remove_file(p))
        }),
    ),
    row(
        "remove",
        "(path, *, dir_fd=None)",
        Irrevocable,
        audited!("os.remove" [0, (dir 1)], |cx, args| {
            one_path(cx, args.get(0), "remove", |p| std::fs::remove_file(p))
        }),
    ),
    row(
        "chdir",
        "(path)",
        Irrevocable,
        audited!("os.chdir"[0], |cx, args| {
            one_path(cx, args.get(0), "chdir", |p| std::env::set_current_dir(p))
        }),
    ),
    row(
        "rename",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        Irrevocable,
        audited!("os.rename" [0, 1, (dir 2), (dir 3)], |cx, args| {
            two_paths(cx, args, "rename", |a, b| std::fs::rename(a, b))
        }),
    ),
    row(
        "replace",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        Irrevocable,
        audited!("os.rename" [0, 1, (dir 2), (dir 3)], |cx, args| {
            two_paths(cx, args, "replace", |a, b| std::fs::rename(a, b))
        }),
    ),
    row(
        "link",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)",
        Irrevocable,
        audited!("os.link" [0, 1, (dir 2), (dir 3)], |cx, args| two_paths(cx, args, "link", |a, b| std::fs::hard_link(a, b))),
    ),
    row(
        "symlink",
        "(src, dst, target_is_directory=False, *, dir_fd=None)",
        Irrevocable,
        audited!("os.symlink" [0, 1, (dir 3)], |cx, args| two_paths(cx, args, "symlink", |a, b| std::os::unix::fs::symlink(a, b))),
    ),
    row(
        "chmod",
        "(path, mode, *, dir_fd=None, follow_symlinks=True)",
        Irrevocable,
        audited!("os.chmod" [0, 1, (dir 2)], chmod),
    ),
    row(
        "utime",
        "(path, times=None, *, ns=<unset>, dir_fd=None, follow_symlinks=True)",
        Irrevocable,
        audited!("os.utime" [0, 1, 2, (dir 3)], utime),
    ),
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
