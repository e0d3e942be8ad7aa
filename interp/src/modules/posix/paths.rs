//! Calls of `posix` that change names, owners, permissions and times: irrevocable, all of them.

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, Kind, NativeDef, T, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{
        exc_fields::{self, os_error},
        int,
    },
};

use super::{
    files::{done, int_arg, nothing},
    path::{self, Path, check_follows, check_not_both, dir_arg, path_arg, path_arg_named},
};
use crate::os::{self, OsResult, Plain};

fn about(cx: &mut Cx, result: OsResult<()>, path: &Path) -> Completion<Value> {
    done(cx, result, path.given)
}

fn mkdir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "mkdir", false)?;
    let mode = int_arg(cx, args.get(1))? as u32;
    let dir = dir_arg(cx, args.get(2))?;
    about(cx, os::make_dir(&path.os, mode, dir), &path)
}

fn remove(cx: &mut Cx, args: Args<'_>, what: &str, is_dir: bool) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), what, false)?;
    let dir = dir_arg(cx, args.get(1))?;
    about(cx, os::remove(&path.os, dir, is_dir), &path)
}

fn chdir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "chdir", true)?;
    let result = match path.fd {
        Some(fd) => os::plain(Plain::FChdir, fd, 0, 0).map(drop),
        None => {
            std::env::set_current_dir(&path.os).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
        }
    };
    about(cx, result, &path)
}

fn second_name(cx: &mut Cx, escape: Escape, name: Value) -> Completion<Escape> {
    if let Some(e) = escape.exception() {
        cx.set(e, exc_fields::word(T::OSError, "filename2"), name)?;
    }
    Ok(escape)
}

/// A result about two paths.
fn about_two(cx: &mut Cx, result: OsResult<()>, from: &Path, to: &Path) -> Completion<Value> {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(errno) => {
            let escape = os_error(cx, errno, from.given);
            Err(second_name(cx, escape, to.given)?)
        }
    }
}

fn source_and_target(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<(Path, Path)> {
    let from = path_arg_named(cx, args.get(0), what, "src", false)?;
    let to = path_arg_named(cx, args.get(1), what, "dst", false)?;
    Ok((from, to))
}

fn rename(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<Value> {
    let (from, to) = source_and_target(cx, args, what)?;
    let (from_dir, to_dir) = (dir_arg(cx, args.get(2))?, dir_arg(cx, args.get(3))?);
    about_two(cx, os::rename(&from.os, from_dir, &to.os, to_dir), &from, &to)
}

fn link(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (from, to) = source_and_target(cx, args, "link")?;
    let (from_dir, to_dir) = (dir_arg(cx, args.get(2))?, dir_arg(cx, args.get(3))?);
    // Not given: what the C library's `link` does, which is not to follow.
    let follow = match args.opt(4) {
        Some(v) => protocol::truth(cx, v)?,
        None => false,
    };
    about_two(cx, os::link(&from.os, from_dir, &to.os, to_dir, follow), &from, &to)
}

fn symlink(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (from, to) = source_and_target(cx, args, "symlink")?;
    let dir = dir_arg(cx, args.get(3))?;
    about_two(cx, os::symlink(&from.os, &to.os, dir), &from, &to)
}

fn readlink(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "readlink", false)?;
    let dir = dir_arg(cx, args.get(1))?;
    match os::read_link(&path.os, dir) {
        Ok(target) => path::like(cx, path.is_bytes, &target),
        Err(errno) => Err(os_error(cx, errno, path.given)),
    }
}

fn mkfifo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "mkfifo", false)?;
    let mode = int_arg(cx, args.get(1))? as u32;
    let dir = dir_arg(cx, args.get(2))?;
    about(cx, os::make_node(&path.os, mode & !libc::S_IFMT | libc::S_IFIFO, 0, dir), &path)
}

fn mknod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "mknod", false)?;
    let mode = int_arg(cx, args.get(1))? as u32;
    let device = device_arg(cx, args.get(2))?;
    let dir = dir_arg(cx, args.get(3))?;
    about(cx, os::make_node(&path.os, mode, device, dir), &path)
}

/// A device number: -1 for none.
///
/// # Errors
/// `OverflowError`.
pub(super) fn device_arg(cx: &mut Cx, v: Value) -> Completion<u64> {
    let v = convert::index_int(cx, v)?;
    match convert::as_i64(v) {
        Some(n @ -1..) => return Ok(n as u64),
        Some(_) => return raise!(cx, OverflowError, "can't convert negative int to unsigned"),
        None => {}
    }
    match v.obj().map(int::limbs) {
        Some((false, &[n])) => Ok(n),
        Some((true, _)) => raise!(cx, OverflowError, "can't convert negative int to unsigned"),
        _ => raise!(cx, OverflowError, "int too big to convert"),
    }
}

fn chmod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "chmod", true)?;
    let mode = int_arg(cx, args.get(1))? as u32;
    let dir = dir_arg(cx, args.get(2))?;
    let follow = protocol::truth(cx, args.get(3))?;
    check_not_both(cx, &path, dir, "chmod")?;
    check_follows(cx, &path, follow, "chmod")?;
    let result = match path.fd {
        Some(fd) => os::plain(Plain::FChmod, fd, mode as i32, 0).map(drop),
        None => os::chmod(&path.os, mode, dir, follow),
    };
    if result == Err(libc::EOPNOTSUPP) && !follow {
        let what = "follow_symlinks unavailable on this platform";
        return raise!(cx, NotImplementedError, "chmod: {what}");
    }
    about(cx, result, &path)
}

/// A user's or group's number: -1 leaves it as it is.
///
/// # Errors
/// `TypeError`, `OverflowError`.
pub(super) fn id_arg(cx: &mut Cx, v: Value, what: &str) -> Completion<u32> {
    if protocol::find_special(cx, v, taipan_objects::Special::Index).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "{what} should be integer, not {got}");
    }
    let v = convert::index_int(cx, v)?;
    match convert::as_i64(v) {
        Some(-1) => Ok(u32::MAX),
        Some(n) if n >= 0 && n < i64::from(u32::MAX) => Ok(n as u32),
        Some(n) if n < 0 => raise!(cx, OverflowError, "{what} is less than minimum"),
        _ => raise!(cx, OverflowError, "{what} is greater than maximum"),
    }
}

fn ids(cx: &mut Cx, args: Args<'_>) -> Completion<(u32, u32)> {
    Ok((id_arg(cx, args.get(1), "uid")?, id_arg(cx, args.get(2), "gid")?))
}

fn chown(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "chown", true)?;
    let (uid, gid) = ids(cx, args)?;
    let dir = dir_arg(cx, args.get(3))?;
    let follow = protocol::truth(cx, args.get(4))?;
    check_not_both(cx, &path, dir, "chown")?;
    check_follows(cx, &path, follow, "chown")?;
    let result = match path.fd {
        Some(fd) => os::plain(Plain::FChown, fd, uid as i32, gid as i32).map(drop),
        None => os::chown(&path.os, uid, gid, dir, follow),
    };
    about(cx, result, &path)
}

fn lchown(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "lchown", false)?;
    let (uid, gid) = ids(cx, args)?;
    about(cx, os::chown(&path.os, uid, gid, None, false), &path)
}

fn fchown(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let (uid, gid) = ids(cx, args)?;
    let result = os::plain(Plain::FChown, fd, uid as i32, gid as i32).map(drop);
    nothing(cx, result)
}

fn utime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "utime", true)?;
    let times = match (args.not_none(1), args.opt(2)) {
        (Some(_), Some(_)) => {
            return raise!(
                cx,
                ValueError,
                "utime: you may specify either 'times' or 'ns' but not both"
            );
        }
        (Some(pair), None) => Some(times_of(cx, pair, seconds, false)?),
        (None, Some(pair)) => Some(times_of(cx, pair, nanoseconds, true)?),
        (None, None) => None,
    };
    let dir = dir_arg(cx, args.get(3))?;
    let follow = protocol::truth(cx, args.get(4))?;
    check_not_both(cx, &path, dir, "utime")?;
    check_follows(cx, &path, follow, "utime")?;
    let result = match path.fd {
        Some(fd) => os::utime_fd(fd, times),
        None => os::utime(&path.os, times, dir, follow),
    };
    about(cx, result, &path)
}

fn times_of(
    cx: &mut Cx,
    pair: Value,
    part: fn(&mut Cx, Value) -> Completion<(i64, i64)>,
    is_ns: bool,
) -> Completion<os::FileTimes> {
    let tuple = pair.obj().filter(|o| o.kind() == Kind::Tuple);
    match tuple.map(|o| o.items()) {
        Some(&[access, change]) => Ok([part(cx, access)?, part(cx, change)?]),
        _ if is_ns => raise!(cx, TypeError, "utime: 'ns' must be a tuple of two ints"),
        _ => {
            raise!(cx, TypeError, "utime: 'times' must be either a tuple of two ints or None")
        }
    }
}

fn seconds(cx: &mut Cx, v: Value) -> Completion<(i64, i64)> {
    let Some(f) = v.float_value() else { return Ok((convert::index_big(cx, v)?, 0)) };
    if f.is_nan() {
        return raise!(cx, ValueError, "Invalid value NaN (not a number)");
    }
    let mut whole = f.floor();
    let mut ns = ((f - whole) * 1e9).floor();
    if ns >= 1e9 {
        (whole, ns) = (whole + 1.0, ns - 1e9);
    }
    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
        return raise!(cx, OverflowError, "timestamp out of range for platform time_t");
    }
    Ok((whole as i64, ns as i64))
}

fn nanoseconds(cx: &mut Cx, v: Value) -> Completion<(i64, i64)> {
    let ns = convert::index_big(cx, v)?;
    Ok((ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000)))
}

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Irrevocable, run, doc: "" }
}

/// Functions of `posix` that change what paths name.
pub(super) const FUNCTIONS: &[NativeDef] = &[
    row("mkdir", "(path, mode=511, *, dir_fd=None)", audited!("os.mkdir" [0, 1, (dir 2)], mkdir)),
    row(
        "rmdir",
        "(path, *, dir_fd=None)",
        audited!("os.rmdir" [0, (dir 1)], |cx, args| remove(cx, args, "rmdir", true)),
    ),
    row(
        "unlink",
        "(path, *, dir_fd=None)",
        audited!("os.remove" [0, (dir 1)], |cx, args| remove(cx, args, "unlink", false)),
    ),
    row(
        "remove",
        "(path, *, dir_fd=None)",
        audited!("os.remove" [0, (dir 1)], |cx, args| remove(cx, args, "remove", false)),
    ),
    row("chdir", "(path)", audited!("os.chdir"[0], chdir)),
    row(
        "rename",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        audited!("os.rename" [0, 1, (dir 2), (dir 3)], |cx, args| rename(cx, args, "rename")),
    ),
    row(
        "replace",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        audited!("os.rename" [0, 1, (dir 2), (dir 3)], |cx, args| rename(cx, args, "replace")),
    ),
    row(
        "link",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=<unset>)",
        audited!("os.link" [0, 1, (dir 2), (dir 3)], link),
    ),
    row(
        "symlink",
        "(src, dst, target_is_directory=False, *, dir_fd=None)",
        audited!("os.symlink" [0, 1, (dir 3)], symlink),
    ),
    NativeDef {
        effect: Effect::Transactional,
        ..row("readlink", "(path, *, dir_fd=None)", readlink)
    },
    row("mkfifo", "(path, mode=438, *, dir_fd=None)", mkfifo),
    row("mknod", "(path, mode=384, device=0, *, dir_fd=None)", mknod),
    row(
        "chmod",
        "(path, mode, *, dir_fd=None, follow_symlinks=True)",
        audited!("os.chmod" [0, 1, (dir 2)], chmod),
    ),
    row(
        "chown",
        "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
        audited!("os.chown" [0, 1, 2, (dir 3)], chown),
    ),
    row("lchown", "(path, uid, gid)", audited!("os.chown" [0, 1, 2, (int -1)], lchown)),
    row("fchown", "(fd, uid, gid)", fchown),
    row(
        "utime",
        "(path, times=None, *, ns=<unset>, dir_fd=None, follow_symlinks=True)",
        audited!("os.utime" [0, 1, 2, (dir 3)], utime),
    ),
];
