//! `posix`: what `os` is made of.

mod config;
pub mod files;
mod more;
pub mod path;
mod paths;
pub mod process;
pub mod stat;
mod system;
mod vectored;

use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, T, Value,
    native::NativeFn,
    protocol::RootVec,
    raise,
    types::{bytes, dict, exc_fields::os_error, list},
};

pub use self::{
    files::blocking,
    path::{decode, encode, path_arg},
};
use super::{ModuleDef, set, set_ints};
use crate::os;

fn environ(cx: &mut Cx) -> Completion<Obj> {
    let d = dict::new(cx)?;
    for (name, value) in std::env::vars_os() {
        let (name, value) = (bytes::new(cx, &name.into_vec())?, bytes::new(cx, &value.into_vec())?);
        dict::set_item(cx, d, name, value)?;
    }
    Ok(d)
}

fn putenv(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (name, value) =
        (path_arg(cx, args.get(0), "putenv", false)?, path_arg(cx, args.get(1), "putenv", false)?);
    if name.os.is_empty() || name.os.as_bytes().contains(&b'=') {
        return raise!(cx, ValueError, "illegal environment variable name");
    }
    os::set_env(&name.os, Some(&value.os));
    Ok(Value::NONE)
}

fn unsetenv(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = path_arg(cx, args.get(0), "unsetenv", false)?;
    if name.os.is_empty() || name.os.as_bytes().contains(&b'=') {
        return Err(os_error(cx, libc::EINVAL, Value::UNBOUND));
    }
    os::set_env(&name.os, None);
    Ok(Value::NONE)
}

/// Drive, root and rest of a path: there are no drives here.
fn splitroot(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path::any_path(cx, args.get(0), "_path_splitroot_ex", "path", false)?;
    let raw = path.os.as_bytes();
    let n = match raw {
        [b'/', b'/', rest @ ..] if !rest.starts_with(b"/") => 2,
        [b'/', ..] => 1,
        _ => 0,
    };
    let drive = path::like(cx, path.is_bytes, b"")?;
    let root = path::like(cx, path.is_bytes, &raw[..n])?;
    let rest = path::like(cx, path.is_bytes, &raw[n..])?;
    cx.new_tuple(&[drive, root, rest])
}

fn normpath(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path::any_path(cx, args.get(0), "normpath", "path", false)?;
    let raw = path.os.as_bytes();
    if raw.is_empty() {
        return path::like(cx, path.is_bytes, b".");
    }
    let slashes = match raw {
        [b'/', b'/', rest @ ..] if !rest.starts_with(b"/") => 2,
        [b'/', ..] => 1,
        _ => 0,
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in raw.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if slashes > 0 && parts.is_empty() => {}
            b".." if parts.last().is_some_and(|&p| p != b"..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut out = vec![b'/'; slashes];
    out.extend(parts.join(&b'/'));
    if out.is_empty() {
        out.push(b'.');
    }
    path::like(cx, path.is_bytes, &out)
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

const FUNCTIONS: &[NativeDef] = &[
    row("putenv", "(name, value, /)", Effect::Irrevocable, audited!("os.putenv" [0, 1], putenv)),
    row("unsetenv", "(name, /)", Effect::Irrevocable, audited!("os.unsetenv"[0], unsetenv)),
    row("_path_splitroot_ex", "(path, /)", Effect::Transactional, splitroot),
    row("_path_normpath", "(path)", Effect::Transactional, normpath),
    row("device_encoding", "(fd)", Effect::Transactional, |cx, args| {
        let fd = files::int_arg(cx, args.get(0))?;
        if os::is_tty(fd) { cx.new_str("utf-8") } else { Ok(Value::NONE) }
    }),
    row("abort", "()", Effect::Irrevocable, |_, _| std::process::abort()),
];

const INTS: &[(&str, i64)] = &[
    ("F_OK", libc::F_OK as i64),
    ("R_OK", libc::R_OK as i64),
    ("W_OK", libc::W_OK as i64),
    ("X_OK", libc::X_OK as i64),
    ("O_RDONLY", libc::O_RDONLY as i64),
    ("O_WRONLY", libc::O_WRONLY as i64),
    ("O_RDWR", libc::O_RDWR as i64),
    ("O_CREAT", libc::O_CREAT as i64),
    ("O_EXCL", libc::O_EXCL as i64),
    ("O_TRUNC", libc::O_TRUNC as i64),
    ("O_APPEND", libc::O_APPEND as i64),
    ("O_NONBLOCK", libc::O_NONBLOCK as i64),
    ("O_NDELAY", libc::O_NDELAY as i64),
    ("O_SYNC", libc::O_SYNC as i64),
    ("O_DSYNC", libc::O_DSYNC as i64),
    ("O_NOCTTY", libc::O_NOCTTY as i64),
    ("O_CLOEXEC", libc::O_CLOEXEC as i64),
    ("O_DIRECTORY", libc::O_DIRECTORY as i64),
    ("O_NOFOLLOW", libc::O_NOFOLLOW as i64),
    ("O_PATH", libc::O_PATH as i64),
    ("O_TMPFILE", libc::O_TMPFILE as i64),
    ("WNOHANG", libc::WNOHANG as i64),
    ("WUNTRACED", libc::WUNTRACED as i64),
    ("WCONTINUED", libc::WCONTINUED as i64),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_IOERR", 74),
    ("EX_CONFIG", 78),
    ("GRND_NONBLOCK", 1),
    ("GRND_RANDOM", 2),
    ("PRIO_PROCESS", 0),
    ("SEEK_DATA", 3),
    ("SEEK_HOLE", 4),
    ("TMP_MAX", 238_328),
    ("NGROUPS_MAX", 65_536),
    ("P_PID", 1),
    ("P_PGID", 2),
    ("P_ALL", 0),
];

/// Features that `os.py` turns into `os.supports_*`.
const HAVE: &[&str] = &[
    "HAVE_FACCESSAT",
    "HAVE_FSTATAT",
    "HAVE_LSTAT",
    "HAVE_OPENAT",
    "HAVE_FTRUNCATE",
    "HAVE_UTIMENSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWNAT",
    "HAVE_FDOPENDIR",
    "HAVE_FPATHCONF",
    "HAVE_FUTIMENS",
    "HAVE_LCHOWN",
    "HAVE_LINKAT",
    "HAVE_LUTIMES",
    "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",
    "HAVE_MKNODAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_FCHMOD",
    "HAVE_FCHOWN",
    "HAVE_FSTATVFS",
];

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    let environ = environ(cx)?;
    set(cx, module, "environ", environ.into())?;
    set_ints(cx, module, INTS)?;
    more::fill(cx, module)?;
    system::fill(cx, module)?;
    config::fill(cx, module)?;
    let error = cx.class(T::OSError);
    set(cx, module, "error", error.into())?;
    for seq in [&stat::STAT_RESULT, &process::TERMINAL_SIZE] {
        let class = seq.class(cx)?;
        set(cx, module, seq.class.name, class.into())?;
    }
    let mut have = RootVec::new();
    for name in HAVE {
        let v = cx.intern(name)?;
        have.push(cx, v)?;
    }
    let have = list::from_vec(cx, have)?;
    set(cx, module, "_have_functions", have.into())?;
    let tables = [
        stat::FUNCTIONS,
        files::FUNCTIONS,
        paths::FUNCTIONS,
        process::FUNCTIONS,
        more::FUNCTIONS,
        system::FUNCTIONS,
        vectored::FUNCTIONS,
        config::FUNCTIONS,
    ];
    for table in tables {
        let owner = cx.intern("posix")?;
        for row in table {
            let f = cx.new_native_fn(T::builtin_function_or_method, row, owner)?;
            set(cx, module, row.name, f)?;
        }
    }
    Ok(())
}

/// `posix`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "posix",
    doc: "This module provides access to operating system functionality that is standardized by the C Standard and the \
          POSIX standard.",
    functions: FUNCTIONS,
    types: &[&stat::DIR_ENTRY],
    exec,
};
