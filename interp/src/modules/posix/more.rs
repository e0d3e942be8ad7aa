//! Calls of `posix` that are used less: sessions, users, positions in files, device numbers, running another program.

use std::ffi::OsStr;

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Value,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::{buffer, bytes, exc_fields::os_error},
};

use super::{
    files::{blocking, int_arg, nothing, number},
    path::path_arg,
    paths::device_arg,
};
use crate::{
    modules::{_posixsubprocess, fcntl::fd_arg, set_ints},
    os::{self, Plain},
    vm::exec::containers::new_list,
};

fn pread(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let n = convert::index_i64(cx, args.get(1))?;
    let at = convert::index_i64(cx, args.get(2))?;
    let Ok(n) = usize::try_from(n) else { return Err(os_error(cx, libc::EINVAL, Value::UNBOUND)) };
    let mut data = vec![0; n.min(1 << 30)];
    let n = blocking(cx, Value::UNBOUND, || os::pread(fd, &mut data, at))?;
    bytes::new(cx, &data[..n])
}

fn pwrite(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let at = convert::index_i64(cx, args.get(2))?;
    let n = blocking(cx, Value::UNBOUND, || os::pwrite(fd, &data, at))?;
    Ok(Value::small(n as i64))
}

fn sendfile(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (to, from) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let offset = match args.not_none(2) {
        Some(v) => Some(convert::index_i64(cx, v)?),
        None => None,
    };
    let count = convert::index_i64(cx, args.get(3))?.max(0) as usize;
    let n = blocking(cx, Value::UNBOUND, || os::send_file(to, from, offset, count))?;
    Ok(Value::small(n as i64))
}

fn pipe2(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let flags = int_arg(cx, args.get(0))?;
    let pair = os::pipe().and_then(|(r, w)| {
        for fd in [r, w] {
            os::set_inheritable(fd, flags & libc::O_CLOEXEC == 0)?;
            if flags & libc::O_NONBLOCK != 0 {
                os::set_nonblocking(fd, true)?;
            }
        }
        Ok((r, w))
    });
    match pair {
        Ok((r, w)) => cx.new_tuple(&[Value::small(r.into()), Value::small(w.into())]),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn get_blocking(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    match os::is_blocking(fd) {
        Ok(on) => Ok(on.into()),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn set_blocking(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let on = protocol::truth(cx, args.get(1))?;
    nothing(cx, os::set_nonblocking(fd, !on))
}

fn wait(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let (pid, status) = blocking(cx, Value::UNBOUND, || os::wait_pid(-1, 0))?;
    cx.new_tuple(&[Value::small(pid.into()), Value::small(status.into())])
}

/// Half of a device number: -1 for that of no device.
fn device_part(_: &mut Cx, part: u32) -> Completion<Value> {
    Ok(Value::small(if part == u32::MAX { -1 } else { part.into() }))
}

fn getloadavg(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    match os::load_average() {
        Ok(all) => cx.new_tuple(&all.map(Value::float)),
        Err(_) => raise!(cx, OSError, "Load averages are unobtainable"),
    }
}

fn getgroups(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    match os::groups() {
        Ok(all) => {
            let all: Vec<Value> = all.into_iter().map(|g| Value::small(g.into())).collect();
            new_list(cx, &all)
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn getlogin(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let name = os::user(None, os::ids()[2] as u32).ok().flatten().map(|user| user.texts[0].clone());
    match name {
        Some(name) => cx.new_str(&name),
        None => Err(os_error(cx, libc::ENXIO, Value::UNBOUND)),
    }
}

fn ttyname(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    if !os::is_tty(fd) {
        let errno = os::inheritable(fd).err().unwrap_or(libc::ENOTTY);
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    match std::fs::read_link(format!("/proc/self/fd/{fd}")) {
        Ok(path) => cx.new_str(&path.to_string_lossy()),
        Err(e) => Err(os_error(cx, e.raw_os_error().unwrap_or(libc::EIO), Value::UNBOUND)),
    }
}

fn statvfs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "statvfs", true)?;
    let found = match path.fd {
        Some(fd) => os::inheritable(fd)
            .and_then(|_| os::file_system(OsStr::new(&format!("/proc/self/fd/{fd}")))),
        None => os::file_system(&path.os),
    };
    match found {
        Ok(all) => {
            let mut values = RootVec::new();
            for n in all {
                let v = cx.new_int(n as i64)?;
                values.push(cx, v)?;
            }
            STATVFS_RESULT.make(cx, values.as_slice())
        }
        Err(errno) => Err(os_error(cx, errno, path.given)),
    }
}

/// `os.statvfs_result`.
pub(super) static STATVFS_RESULT: crate::modules::structseq::SeqDef =
    crate::modules::structseq::SeqDef::new(
        "os",
        "statvfs_result",
        &[
            "f_bsize",
            "f_frsize",
            "f_blocks",
            "f_bfree",
            "f_bavail",
            "f_files",
            "f_ffree",
            "f_favail",
            "f_flag",
            "f_namemax",
            "f_fsid",
        ],
        10,
    );

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

use Effect::{Blocking, Irrevocable, Transactional};

/// A row for a call that takes numbers and gives nothing.
macro_rules! plain {
    ($name:literal, $sig:literal, $call:ident, $n:literal) => {
        row($name, $sig, Irrevocable, |cx, args| {
            let mut all = [0; 3];
            for (i, slot) in all.iter_mut().enumerate().take($n) {
                *slot = int_arg(cx, args.get(i))?;
            }
            nothing(cx, os::plain(Plain::$call, all[0], all[1], all[2]))
        })
    };
}

/// The functions of this file.
pub(super) const FUNCTIONS: &[NativeDef] = &[
    plain!("setsid", "()", SetSid, 0),
    plain!("setpgid", "(pid, pgrp, /)", SetPgid, 2),
    plain!("killpg", "(pgid, signal, /)", KillPg, 2),
    plain!("setuid", "(uid, /)", SetUid, 1),
    plain!("setgid", "(gid, /)", SetGid, 1),
    plain!("seteuid", "(euid, /)", SetEuid, 1),
    plain!("setegid", "(egid, /)", SetEgid, 1),
    row("fchdir", "(fd)", Irrevocable, |cx, args| {
        let fd = fd_arg(cx, args.get(0))?;
        nothing(cx, os::plain(Plain::FChdir, fd, 0, 0))
    }),
    plain!("fchmod", "(fd, mode)", FChmod, 2),
    plain!("sched_yield", "()", Yield, 0),
    row("setpgrp", "()", Irrevocable, |cx, _| nothing(cx, os::plain(Plain::SetPgid, 0, 0, 0))),
    row("getsid", "(pid, /)", Transactional, |cx, args| {
        let pid = int_arg(cx, args.get(0))?;
        number(cx, os::plain(Plain::GetSid, pid, 0, 0))
    }),
    row("getpgid", "(pid)", Transactional, |cx, args| {
        let pid = int_arg(cx, args.get(0))?;
        number(cx, os::plain(Plain::GetPgid, pid, 0, 0))
    }),
    row("nice", "(increment, /)", Irrevocable, |cx, args| {
        let by = int_arg(cx, args.get(0))?;
        number(cx, os::plain(Plain::Nice, by, 0, 0))
    }),
    row("tcgetpgrp", "(fd, /)", Transactional, |cx, args| {
        let fd = int_arg(cx, args.get(0))?;
        number(cx, os::plain(Plain::TcGetPgrp, fd, 0, 0))
    }),
    row("eventfd", "(initval, flags=524288)", Irrevocable, |cx, args| {
        let (value, flags) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
        number(cx, os::plain(Plain::EventFd, value, flags, 0))
    }),
    row("fdatasync", "(fd)", Blocking, |cx, args| {
        let fd = fd_arg(cx, args.get(0))?;
        blocking(cx, Value::UNBOUND, || os::plain(Plain::DataSync, fd, 0, 0))?;
        Ok(Value::NONE)
    }),
    row("pread", "(fd, length, offset, /)", Blocking, pread),
    row("pwrite", "(fd, buffer, offset, /)", Blocking, pwrite),
    row("sendfile", "(out_fd, in_fd, offset, count)", Blocking, sendfile),
    row("pipe2", "(flags, /)", Irrevocable, pipe2),
    row("get_blocking", "(fd, /)", Transactional, get_blocking),
    row("set_blocking", "(fd, blocking, /)", Irrevocable, set_blocking),
    row("wait", "()", Blocking, wait),
    row("getloadavg", "()", Transactional, getloadavg),
    row("getgroups", "()", Transactional, getgroups),
    row("getlogin", "()", Transactional, getlogin),
    row("ttyname", "(fd, /)", Transactional, ttyname),
    row("ctermid", "()", Transactional, |cx, _| cx.new_str("/dev/tty")),
    row("statvfs", "(path)", Transactional, statvfs),
    row("fstatvfs", "(fd)", Transactional, statvfs),
    row(
        "execv",
        "(path, argv, /)",
        Irrevocable,
        audited!("os.exec" [0, 1, none], _posixsubprocess::exec),
    ),
    row(
        "execve",
        "(path, argv, env)",
        Irrevocable,
        audited!("os.exec" [0, 1, 2], _posixsubprocess::exec),
    ),
    row("major", "(device, /)", Transactional, |cx, args| {
        let device = device_arg(cx, args.get(0))?;
        device_part(cx, if device == u64::MAX { u32::MAX } else { libc::major(device) })
    }),
    row("minor", "(device, /)", Transactional, |cx, args| {
        let device = device_arg(cx, args.get(0))?;
        device_part(cx, if device == u64::MAX { u32::MAX } else { libc::minor(device) })
    }),
    row("makedev", "(major, minor, /)", Transactional, |cx, args| {
        let (major, minor) = (device_arg(cx, args.get(0))?, device_arg(cx, args.get(1))?);
        let (major, minor) = (major as u32, minor as u32);
        if (major, minor) == (u32::MAX, u32::MAX) {
            return Ok(Value::small(-1));
        }
        let device = libc::makedev(major, minor);
        taipan_objects::types::int::from_limbs(cx, false, &[device])
    }),
    row("WCOREDUMP", "(status, /)", Transactional, |cx, args| {
        Ok(libc::WCOREDUMP(int_arg(cx, args.get(0))?).into())
    }),
    row("WIFCONTINUED", "(status)", Transactional, |cx, args| {
        Ok(libc::WIFCONTINUED(int_arg(cx, args.get(0))?).into())
    }),
];

const INTS: &[(&str, i64)] = &[
    ("O_ACCMODE", libc::O_ACCMODE as i64),
    ("O_ASYNC", libc::O_ASYNC as i64),
    ("O_DIRECT", libc::O_DIRECT as i64),
    ("O_LARGEFILE", libc::O_LARGEFILE as i64),
    ("O_NOATIME", libc::O_NOATIME as i64),
    ("O_RSYNC", libc::O_RSYNC as i64),
    ("O_FSYNC", libc::O_FSYNC as i64),
    ("EX_CANTCREAT", 73),
    ("EX_NOHOST", 68),
    ("EX_NOPERM", 77),
    ("EX_NOUSER", 67),
    ("EX_OSFILE", 72),
    ("EX_PROTOCOL", 76),
    ("EX_TEMPFAIL", 75),
    ("EX_UNAVAILABLE", 69),
    ("F_LOCK", 1),
    ("F_TEST", 3),
    ("F_TLOCK", 2),
    ("F_ULOCK", 0),
    ("EFD_CLOEXEC", libc::EFD_CLOEXEC as i64),
    ("EFD_NONBLOCK", libc::EFD_NONBLOCK as i64),
    ("EFD_SEMAPHORE", libc::EFD_SEMAPHORE as i64),
    ("PRIO_PGRP", 1),
    ("PRIO_USER", 2),
    ("P_PIDFD", 3),
    ("RTLD_LAZY", libc::RTLD_LAZY as i64),
    ("RTLD_NOW", libc::RTLD_NOW as i64),
    ("RTLD_GLOBAL", libc::RTLD_GLOBAL as i64),
    ("RTLD_LOCAL", libc::RTLD_LOCAL as i64),
    ("SCHED_OTHER", libc::SCHED_OTHER as i64),
    ("SCHED_FIFO", libc::SCHED_FIFO as i64),
    ("SCHED_RR", libc::SCHED_RR as i64),
    ("SCHED_BATCH", libc::SCHED_BATCH as i64),
    ("SCHED_IDLE", libc::SCHED_IDLE as i64),
    ("ST_RDONLY", 1),
    ("ST_NOSUID", 2),
    ("ST_NODEV", 4),
    ("ST_NOEXEC", 8),
    ("WEXITED", libc::WEXITED as i64),
    ("WNOWAIT", libc::WNOWAIT as i64),
    ("WSTOPPED", libc::WSTOPPED as i64),
    ("CLD_EXITED", libc::CLD_EXITED as i64),
    ("CLD_KILLED", libc::CLD_KILLED as i64),
    ("CLD_DUMPED", libc::CLD_DUMPED as i64),
    ("CLD_STOPPED", libc::CLD_STOPPED as i64),
    ("CLD_CONTINUED", libc::CLD_CONTINUED as i64),
    ("CLD_TRAPPED", libc::CLD_TRAPPED as i64),
];

/// Enters constants and classes.
///
/// # Errors
/// `MemoryError`.
pub(super) fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, INTS)?;
    for seq in [&STATVFS_RESULT, &super::process::UNAME, &super::process::TIMES] {
        let class = seq.class(cx)?;
        crate::modules::set(cx, module, seq.class.name, class.into())?;
    }
    Ok(())
}
